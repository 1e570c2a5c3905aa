import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { caller, chunk, drawOne, leafOf, overFetch, question, sse } from './leaf.ts'

const base = 'https://api.example/v1'
const server = setupServer()
beforeAll(() => server.listen())
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const model = (options = {}) => leafOf(overFetch(base), options).model('m', caller({}, 'secret-key'))
const answer = () =>
  new HttpResponse(sse(chunk({ content: 'ok' }, 'stop'), '[DONE]').join(''), {
    headers: { 'content-type': 'text/event-stream' },
  })

test('a sample is one POST of JSON to the upstream’s chat completions', async () => {
  let asked: Request | undefined
  server.use(
    http.post(`${base}/chat/completions`, ({ request }) => {
      asked = request.clone()
      return answer()
    }),
  )
  expect(await drawOne(model())).toEqual({ text: 'ok', finish: 'stop' })
  expect(asked?.headers.get('content-type')).toBe('application/json')
  expect(await asked?.json()).toMatchObject({ model: 'm', messages: question.messages, stream: true })
})

test('a network that fails is tried again, and then a failure that names neither host nor key', async () => {
  let attempts = 0
  server.use(
    http.post(`${base}/chat/completions`, () => {
      attempts += 1
      return HttpResponse.error()
    }),
  )
  const failed = await drawOne(model({ retries: 2 })).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 'upstream_unreachable', status: 502 })
  expect((failed as Error).message).not.toMatch(/api\.example|secret-key/)
  expect(attempts).toBe(3)
})

test('a redirect to another host is not followed', async () => {
  let followed = false
  server.use(
    http.post(`${base}/chat/completions`, () => HttpResponse.redirect('https://elsewhere.example/', 308)),
    http.all('https://elsewhere.example/', () => {
      followed = true
      return answer()
    }),
  )
  await expect(drawOne(model())).rejects.toMatchObject({ code: 'upstream_redirects', status: 502 })
  expect(followed).toBe(false)
})

test('a reply without a body is a failure of the upstream', async () => {
  server.use(http.post(`${base}/chat/completions`, () => new HttpResponse(null, { status: 200 })))
  await expect(drawOne(model())).rejects.toMatchObject({ name: 'UpstreamFailed', status: 502 })
})

test.each([
  { form: 'OpenAI’s', body: { error: { message: 'No such model.', code: 'model_not_found' } } },
  { form: 'Ollama’s', body: { error: 'No such model.' } },
  { form: 'vLLM’s', body: { object: 'error', message: 'No such model.', code: 404 } },
  { form: 'FastAPI’s', body: { detail: 'No such model.' } },
])('an error in $form form keeps its message', async ({ body }) => {
  server.use(http.post(`${base}/chat/completions`, () => HttpResponse.json(body, { status: 404 })))
  await expect(drawOne(model())).rejects.toMatchObject({ status: 404, message: 'No such model.' })
})

test('an error in plain text keeps the beginning of it', async () => {
  server.use(http.post(`${base}/chat/completions`, () => HttpResponse.text('x'.repeat(9000), { status: 400 })))
  const failed = await drawOne(model()).catch((error: Error) => error)
  expect((failed as Error).message).toMatch(/^x{100,1000}$/)
})

test('an error without a word says its status', async () => {
  server.use(http.post(`${base}/chat/completions`, () => new HttpResponse(null, { status: 418 })))
  await expect(drawOne(model())).rejects.toMatchObject({ status: 418, message: expect.stringContaining('418') })
})
