import { describe, expect, test } from 'vitest'
import { defineConfig, readConfig, variables } from '../../src/config/index.ts'
import { schema } from '../../src/config/schema.ts'

const complaint = (file: unknown, environment = {}) => {
  try {
    readConfig(environment, file)
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing'
}

test('nothing said is every default', () => {
  expect(readConfig({})).toMatchObject({
    upstreams: { main: { concurrency: 64, retries: 2, timeouts: { idle: 60_000 }, dialect: { can: {} } } },
    limits: { calls: 64 },
    server: { host: '127.0.0.1', port: 8787 },
    think: 'both',
    search: true,
  })
})

test('a variable wins over the file, and leaves what is beside it', () => {
  const file = defineConfig({ limits: { calls: 5, ms: 7 }, keys: ['a'], upstreams: { main: { url: 'http://a' } } })
  const config = readConfig({ MULL_MAX_CALLS: '6', MULL_API_KEYS: 'b, c', UPSTREAM_API_KEY: 'k', PORT: '' }, file)
  expect(config).toMatchObject({
    limits: { calls: 6, ms: 7 },
    keys: [
      { name: 'key-1', key: 'b' },
      { name: 'key-2', key: 'c' },
    ],
    server: { port: 8787 },
  })
  expect(config.upstreams['main']).toMatchObject({ url: [{ url: 'http://a/v1', weight: 1 }], key: 'k' })
})

test('variables and bindings that are no text are taken as they are', () => {
  expect(readConfig({ PORT: 0, OPTILLM_COMPAT: true })).toMatchObject({ server: { port: 0 }, optillm: true })
})

describe('the variables of an upstream', () => {
  test('are about the only one, whatever it is called', () => {
    const { upstreams } = readConfig({ UPSTREAM_RETRIES: '4' }, { upstreams: { vllm: { url: 'http://a' } } })
    expect(upstreams).toMatchObject({ vllm: { retries: 4 } })
    expect(Object.keys(upstreams)).toEqual(['vllm'])
  })

  test('are about main among several', () => {
    const file = { upstreams: { other: {}, main: {} } }
    expect(readConfig({ UPSTREAM_RETRIES: '4' }, file).upstreams).toMatchObject({
      main: { retries: 4 },
      other: { retries: 2 },
    })
  })

  test('are refused where they could be about any', () => {
    expect(complaint({ upstreams: { a: {}, b: {} } }, { UPSTREAM_RETRIES: '4' })).toMatch(
      /UPSTREAM_RETRIES is about the upstream "main".*upstreams\.a or upstreams\.b/,
    )
  })
})

describe('what is wrong is named', () => {
  test.each([
    [{ upstreams: { main: { timeouts: { idle: 'long' } } } }, 'upstreams.main.timeouts.idle is "long": '],
    [{ upstreams: { main: { timeout: 1 } } }, 'upstreams.main.timeout is not a setting. Did you mean "timeouts"?'],
    [{ limit: {} }, 'limit is not a setting. Did you mean "limits"?'],
    [{ limits: { zebras: 1 } }, 'limits.zebras is not a setting. It may be calls, '],
    [{ upstreams: { main: { url: ['http://a', 'b'] } } }, '"b" is not an address like http://localhost:8000/v1'],
    [{ upstreams: { main: { key: 17 } } }, 'upstreams.main.key is (not shown): '],
    [
      { upstreams: { main: { url: [{ url: 'b', key: 'sk-secret' }] } } },
      'upstreams.main.url is [{"url":"b","key":"(not shown)"}]: "b" is not an address',
    ],
    [
      { upstreams: { main: { url: [{ url: 'http://a', weight: 'a lot' }] } } },
      'upstreams.main.url.0.weight is "a lot": Invalid input: expected number',
    ],
    [{ keys: [{ name: 'a' }] }, 'keys.0.key is missing: '],
    [{ keys: [{ name: 'a', key: 'sk-secret', models: 'r1' }] }, 'keys.0.models is "r1": Invalid input: expected array'],
    [{ keys: [17] }, 'keys.0 is (not shown): it is neither a key nor { name, key, … }'],
    [{ upstreams: 'http://a' }, 'upstreams is "http://a": '],
    [{ upstreams: {} }, 'upstreams is {}: '],
    ['text', 'It is "text": '],
  ])('%j', (file, message) => {
    expect(complaint(file)).toContain(message)
  })

  test.each([
    [{ UPSTREAM_IDLE_MS: 'long' }, 'UPSTREAM_IDLE_MS is "long": '],
    [{ UPSTREAM_IDLE_MS: ' ' }, 'UPSTREAM_IDLE_MS is " ": '],
    [
      { UPSTREAM_BASE_URL: 'localhost:8000' },
      'UPSTREAM_BASE_URL is "localhost:8000": "localhost:8000" is not an address',
    ],
    [{ MULL_ALIASES: 'smart' }, 'MULL_ALIASES is "smart": "smart" is not of the form name=model+recipe'],
    [{ UPSTREAM_CAN: 'fly' }, 'UPSTREAM_CAN is "fly": "fly" is none of '],
    [{ OPTILLM_COMPAT: 'yes' }, 'OPTILLM_COMPAT is "yes": '],
    [{ MULL_SEARCH: 'perhaps' }, 'MULL_SEARCH is "perhaps": true, false, or ports'],
  ])('%j', (environment, message) => {
    expect(complaint({}, environment)).toContain(message)
  })

  test('all at once', () => {
    const message = complaint({ limits: { calls: 0 }, think: 'loud' }, { PORT: 'here' })
    for (const name of ['limits.calls', 'think', 'PORT']) expect(message).toContain(`\n  ${name} is `)
  })
})

test.each(Object.entries(variables))('%s is a setting that exists', (_, [path]) => {
  const file = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), undefined)
  const { error } = schema.safeParse(file)
  expect(error?.issues.filter(({ code }) => code === 'unrecognized_keys') ?? []).toEqual([])
})
