import { expect, test } from 'vitest'
import { readExposition, type Sample } from '../helpers/exposition.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { ask, inTurn, stage } from './proxy.ts'
import { onNode, onWorkerd } from './starts.ts'

const key = { authorization: 'Bearer sk-proxy' }
const on = stage(onNode(), { MULL_API_KEYS: 'sk-proxy', UPSTREAM_API_KEY: 'sk-upstream' })

const scrape = async (url = on.url, headers: Record<string, string> = key) =>
  readExposition(await (await fetch(`${url}/metrics`, { headers })).text())

/** The sum over all samples of a name with these labels. */
const sum = (samples: readonly Sample[], name: string, labels: Record<string, string> = {}) =>
  samples
    .filter((sample) => sample.name === `mull_${name}`)
    .filter(({ labels: own }) => Object.entries(labels).every(([label, value]) => own[label] === value))
    .reduce((sum, { value }) => sum + value, 0)

/** How much a figure has grown by `work`, once so many requests have ended in it. */
async function grown(requests: number, work: () => Promise<void>) {
  const before = await scrape()
  await work()
  let after = before
  await expect
    .poll(async () => {
      after = await scrape()
      return sum(after, 'requests_total') - sum(before, 'requests_total')
    })
    .toBe(requests)
  return (name: string, labels?: Record<string, string>) => sum(after, name, labels) - sum(before, name, labels)
}

test('what a recipe took is counted', async () => {
  on.upstream.reply(inTurn('It is 42.', 'It is 42.', 'It is 41.', 'It is 42.'))
  const by = await grown(1, async () => {
    await (await on.post(ask('r1+sc@4(semantic=false)'), key)).text()
  })
  const recipe = 'self-consistency'
  expect(by('requests_total', { door: 'chat', model: 'r1', recipe, status: '200', outcome: 'answered' })).toBe(1)
  expect(by('request_duration_seconds_count', { door: 'chat', recipe })).toBe(1)
  expect(by('request_overhead_seconds_count', { door: 'chat', recipe })).toBe(1)
  expect(by('time_to_first_token_seconds_count')).toBe(0)
  expect(by('calls_total', { model: 'r1', recipe })).toBe(4)
  expect(by('samples_total', { recipe, outcome: 'done' })).toBe(4)
  expect(by('agreement_sum', { recipe })).toBeCloseTo(0.75)
  expect(by('tokens_total', { model: 'r1', recipe, kind: 'input' })).toBe(10)
  expect(by('tokens_total', { model: 'r1', recipe, kind: 'output' })).toBe(20)
  expect(by('upstream_requests_total', { recipe })).toBe(1)
})

test('a relayed stream has a time to its first token, and most of its time is the upstream’s', async () => {
  const held = gate()
  on.upstream.reply(() => ({ text: 'ok', hold: held }))
  const by = await grown(1, async () => {
    const reply = on.post({ ...ask('r1'), stream: true }, key)
    await on.upstream.until(({ inFlight }) => inFlight === 1)
    expect(sum(await scrape(), 'requests_in_flight', { door: 'chat' })).toBe(1)
    held.open()
    await (await reply).text()
  })
  expect(by('requests_total', { model: 'r1', recipe: '', outcome: 'answered' })).toBe(1)
  expect(by('time_to_first_token_seconds_count')).toBe(1)
  expect(by('request_overhead_seconds_sum')).toBeLessThan(by('request_duration_seconds_sum'))
  expect(by('requests_in_flight')).toBe(0)
})

test('what was asked again, and what failed, is counted', async () => {
  let call = 0
  on.upstream.reply(() => (call++ === 0 ? { status: 503, error: { message: 'busy' } } : { text: '42' }))
  const by = await grown(2, async () => {
    await (await on.post(ask('r1+sc@1'), key)).text()
    await (await on.post(ask('r1+nope'), key)).text()
  })
  expect(by('upstream_retries_total')).toBe(1)
  expect(by('requests_total', { status: '400', outcome: 'failed' })).toBe(1)
})

test('names that clients make up do not become series', async () => {
  on.upstream.reply(() => ({ status: 404, error: { message: 'no such model' } }))
  const by = await grown(20, async () => {
    for (let i = 0; i < 20; i++) await (await on.post(ask(`made-up-${i}`), key)).text()
  })
  expect(by('requests_total', { model: 'other' })).toBe(20)
  expect((await scrape()).filter(({ labels }) => labels['model']?.startsWith('made-up'))).toEqual([])
})

test('it asks for the key, unless it is open, and there is nothing where it is off', async () => {
  const status = async (url: string) => (await fetch(`${url}/metrics`)).status
  expect(await status(on.url)).toBe(401)
  const env = { MULL_API_KEYS: 'sk-proxy', UPSTREAM_BASE_URL: on.upstream.url }
  for (const [MULL_METRICS, expected] of [
    ['open', 200],
    ['off', 404],
  ] as const) {
    const served = await onNode()({ ...env, MULL_METRICS })
    expect(await status(served.url)).toBe(expected)
    await served.close()
  }
})

test('each of several servers upstream is told of', async () => {
  await using other = await startUpstream()
  const served = await onNode()({ UPSTREAM_BASE_URL: `${on.upstream.url} ${other.url}` })
  const states = (await scrape(served.url, {})).filter(({ name }) => name === 'mull_replica_breaker_state')
  expect(states.map(({ labels }) => labels['replica']).sort()).toEqual(
    [on.upstream.url, other.url].map((url) => new URL(url).host).sort(),
  )
  await served.close()
})

test('no secret is in it', async () => {
  await (await on.post(ask('r1+sc@2'), key)).text()
  expect(await (await fetch(`${on.url}/metrics`, { headers: key })).text()).not.toMatch(/sk-/)
})

test('a Worker, whose isolates share no figures, says what there is instead', async () => {
  const worker = await onWorkerd()({ UPSTREAM_BASE_URL: on.upstream.url, MULL_API_KEYS: 'sk-proxy' })
  try {
    const response = await fetch(`${worker.url}/metrics`)
    expect(response.status).toBe(501)
    expect(await response.json()).toMatchObject({
      error: { code: 'metrics_not_here', message: expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT') },
    })
  } finally {
    await worker.close()
  }
})
