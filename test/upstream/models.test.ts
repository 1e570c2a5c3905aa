import { afterEach, expect, test, vi } from 'vitest'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { caller, leafOf, overNode, transports } from './leaf.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Lets time pass. The cache has its own hold on the clock. */
function clock() {
  let ahead = 0
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return (ms: number) => {
    ahead += ms
    vi.advanceTimersByTime(ms)
  }
}

const listsOf = ({ asked }: Upstream) => asked.filter(({ path }) => path === '/v1/models').length
const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id)

for (const { name, to } of transports)
  test(`over ${name}, the upstream’s models are listed with all that it says of them`, async () => {
    await using upstream = await startUpstream()
    const entries = await leafOf(to(upstream.url)).models(caller())
    expect(entries).toMatchObject([
      { id: 'r1', owned_by: 'upstream' },
      { id: 'other', object: 'model' },
    ])
  })

test('the list is asked for once a minute', async () => {
  const pass = clock()
  await using upstream = await startUpstream()
  const { models } = leafOf(overNode(upstream.url))
  await models(caller())
  upstream.models = ['new']
  pass(59_000)
  expect(ids(await models(caller()))).toEqual(['r1', 'other'])
  expect(listsOf(upstream)).toBe(1)
  pass(2_000)
  expect(ids(await models(caller()))).toEqual(['new'])
})

test('every key has a list of its own', async () => {
  await using upstream = await startUpstream()
  const { models } = leafOf(overNode(upstream.url))
  const callers = [caller({}, 'a'), caller({}, 'b'), caller({ authorization: 'Bearer c' }), caller()]
  for (const each of [...callers, ...callers]) await models(each)
  expect(upstream.asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer a',
    'Bearer b',
    'Bearer c',
    undefined,
  ])
})

test('a failure is the upstream’s own, and is believed for a few seconds', async () => {
  const pass = clock()
  await using upstream = await startUpstream()
  upstream.models = undefined
  const { models } = leafOf(overNode(upstream.url))
  for (const _ of [1, 2]) await expect(models(caller())).rejects.toMatchObject({ status: 404 })
  expect(listsOf(upstream)).toBe(1)
  upstream.models = ['back']
  pass(6_000)
  expect(ids(await models(caller()))).toEqual(['back'])
})

/** An upstream whose whole list of models is the given text. */
async function listing(text: string) {
  const { createServer } = await import('node:http')
  const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const leaf = leafOf(overNode(`http://127.0.0.1:${port}/v1`))
  return leaf.models(caller()).finally(() => server.close())
}

test('a bare list is understood, and what is no model is left out', async () => {
  expect(await listing('[{"id":"a"},{"id":1},null,"b",{"id":"c"}]')).toEqual([{ id: 'a' }, { id: 'c' }])
})

test.each(['', '<html>', 'null', '{"data":{}}'])('a list that reads %j is a failure of the upstream', async (text) => {
  await expect(listing(text)).rejects.toMatchObject({ name: 'UpstreamFailed', status: 502 })
})

test('an upstream that does not list its models in time has failed', async () => {
  await using upstream = await startUpstream()
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(new DOMException('late', 'TimeoutError')))
  const listed = leafOf(overNode(upstream.url)).models(caller())
  await expect(listed).rejects.toMatchObject({ name: 'UpstreamFailed', status: 504 })
})
