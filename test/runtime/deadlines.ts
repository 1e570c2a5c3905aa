import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { ask, type Stage } from './proxy.ts'

type Answer = { choices: { message: { content: string; reasoning_content: string } }[]; mull: object }

/** When an answer must be there, seen from outside. */
export function deadlineTests(on: Stage): void {
  /** An upstream that takes no `n`, and answers so many samples. */
  const answering = (samples: number) => {
    const never = gate()
    let sample = 0
    on.upstream.reply(({ json }) => {
      if ((json?.n ?? 1) > 1) return { status: 400, error: { message: 'n must be 1' } }
      return { text: '\\boxed{42}', ...(sample++ < samples ? {} : { hold: never }) }
    })
  }
  const nothingLeft = () => on.upstream.until(({ inFlight }) => inFlight === 0)
  const asked = ask('hurried+sc@8')

  test.each<[string, object, Record<string, string>]>([
    ['its header says so', {}, { 'x-mull-deadline': '1.5s' }],
    ['its client gives up', { mull: { deadline: '1h' } }, { 'x-stainless-timeout': '2' }],
  ])('a request is answered with what is in when %s', async (_, body, headers) => {
    answering(3)
    const response = await on.post({ ...asked, ...body }, headers)
    const { choices, mull } = (await response.json()) as Answer
    expect(choices[0]!.message.content).toBe('\\boxed{42}')
    expect(choices[0]!.message.reasoning_content).toMatch(/^The deadline is near: 3 of 8 samples are in\.$/m)
    expect(mull).toMatchObject({ ended_by: 'deadline', samples: { asked: 8, done: 3, failed: 0, cancelled: 5 } })
    expect(mull).not.toHaveProperty('budget_exhausted')
    expect(response.headers.get('x-mull-ended-by')).toBe('deadline')
    expect(response.headers.get('x-mull-samples')).toBe('3/8')
    await nothingLeft()
  })

  test('a stream says the same, and ends as every stream does', async () => {
    answering(3)
    const body = { ...asked, stream: true, mull: { deadline: '1.5s', quorum: 0.75 } }
    const text = await (await on.post(body, { 'x-stainless-timeout': '0' })).text()
    const chunks = text.match(/^data: \{.*$/gm)!.map((line) => JSON.parse(line.slice(6)))
    const said = chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('')
    expect(said).toBe('\\boxed{42}')
    expect(chunks.at(-1)).toMatchObject({ mull: { ended_by: 'deadline', quorum_met: false, samples: { done: 3 } } })
    expect(text).toMatch(/\ndata: \[DONE\]\n\n$/)
    await nothingLeft()
  })

  test('nothing in time is a 504 that OpenAI’s client does not ask again for', async () => {
    answering(0)
    const patient = new OpenAI({ baseURL: `${on.url}/v1`, apiKey: 'sk-client', maxRetries: 2 })
    const failing = patient.chat.completions.create(asked, { headers: { 'x-mull-deadline': '300' } })
    await expect(failing).rejects.toMatchObject({ status: 504, code: 'deadline_exceeded' })
    await nothingLeft()
    const singles = on.upstream.asked.filter(({ json }) => json?.messages && (json.n ?? 1) === 1)
    expect(singles.length).toBeLessThanOrEqual(8)
  })

  test('a bare model has a deadline, too, and its answer says so', async () => {
    const never = gate()
    on.upstream.reply(() => ({ text: 'word '.repeat(20), holdAfter: { chunks: 4, gate: never } }))
    const response = await on.post(ask('plain'), { 'x-mull-deadline': '1s' })
    const { choices } = (await response.json()) as Answer
    expect(choices[0]).toMatchObject({
      message: { content: expect.stringMatching(/^word/) },
      finish_reason: 'length',
    })
    await nothingLeft()
  })

  test('a late sample is asked for a second time where the request wants that', async () => {
    const never = gate()
    let sample = 0
    on.upstream.reply(({ json }) => {
      if ((json?.n ?? 1) > 1) return { status: 400, error: { message: 'n must be 1' } }
      return { text: `\\boxed{${sample}}`, ...(sample++ === 3 ? { hold: never } : {}) }
    })
    const response = await on.post({ ...ask('late+sc@4'), mull: { hedge: true } })
    expect(await response.json()).toMatchObject({
      mull: { calls: 5, hedged: 1, samples: { asked: 4, done: 4 } },
    })
    await nothingLeft()
  })

  test.each<[string, object, Record<string, string>]>([
    ['mull.hedge', { hedge: 2 }, {}],
    ['x-mull-deadline', {}, { 'x-mull-deadline': 'soon' }],
    ['mull.deadline', { deadline: '5 days' }, {}],
    ['mull.quorum', { quorum: 1.5 }, {}],
  ])('%s that makes no sense is a 400 that says what does', async (param, mull, headers) => {
    const response = await on.post({ ...asked, mull }, headers)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param, message: expect.stringContaining(param) } })
    expect(on.upstream.asked.filter(({ json }) => json?.messages)).toHaveLength(0)
  })
}
