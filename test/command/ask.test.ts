import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { type Running, startNode } from '../../src/node.ts'
import { command } from '../helpers/command.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())
beforeEach(() => {
  upstream.asked.length = 0
  upstream.models = ['text-embedding-3', 'r1']
  upstream.reply(() => ({ text: 'It is 42.', thinking: 'Six by seven.' }))
})

const ask = (words: string[], input = '') => command(['ask', ...words], { UPSTREAM_BASE_URL: upstream.url }, input)

describe('mull ask', () => {
  test('asks the first model that can answer; only the answer goes to stdout, and no colour', async () => {
    const { code, out, err } = await ask(['What', 'is 6 × 7?'])
    expect({ code, out }).toEqual({ code: 0, out: 'It is 42.\n' })
    expect(err).not.toContain('Six by seven')
    expect(out + err).not.toContain('\x1b')
    expect(upstream.asked.at(-1)!.json).toMatchObject({
      model: 'r1',
      messages: [{ role: 'user', content: 'What is 6 × 7?' }],
    })
  })

  test('--thinking tells the story on stderr, votes and the chosen thinking in it', async () => {
    const { out, err } = await ask(['What is 6 × 7?', '-m', 'r1+sc@3', '--thinking'])
    expect(out).toBe('It is 42.\n')
    expect(err).toContain('Thinking with r1+self-consistency@3.')
    expect(err).toContain('Votes: 42 ×')
    expect(err).toContain('Six by seven.\n\n')
  })

  test('--json prints the whole response', async () => {
    const { code, out } = await ask(['What is 6 × 7?', '-m', 'r1+sc@3', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      choices: [{ message: { content: 'It is 42.' } }],
      mull: { recipe: 'r1+self-consistency@3', votes: [{ answer: '42' }] },
    })
  })

  test('--calls is the most that is drawn', async () => {
    const { code, out } = await ask(['What is 6 × 7?', '-m', 'r1+refine@5', '--calls', '1', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ mull: { calls: 1, budget_exhausted: 'calls' } })
  })

  test.each([[['-']], [[]]])('with the words %j the question is what is piped in', async (words) => {
    await ask([...words, '--system', 'Be brief.'], 'What is\n6 × 7?\n')
    expect(upstream.asked.at(-1)!.json!.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is\n6 × 7?' },
    ])
  })

  test('a recipe that is none exits with 2, and names the nearest; nothing is asked', async () => {
    const { code, out, err } = await ask(['why', '-m', 'r1+self-consistancy'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Did you mean "self-consistency"?')
    expect(upstream.asked.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test.each([
    ['a refusal', { status: 404, error: { message: 'No such model here.' } }, 'No such model here.'],
    ['an answer without words', { text: '' }, 'gave no answer'],
  ])('%s exits with 1, and says why on stderr', async (_, reply, complaint) => {
    upstream.reply(() => reply)
    const { code, out, err } = await ask(['why', '-m', 'r1'])
    expect(code).toBe(1)
    expect(out.trim()).toBe('')
    expect(err).toContain(complaint)
  })

  test('without a listed model it asks for a name', async () => {
    upstream.models = []
    const { code, err } = await ask(['why'])
    expect(code).toBe(1)
    expect(err).toContain('-m names one')
  })
})

describe('mull ask --url', () => {
  let running: Running
  beforeAll(async () => {
    running = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: upstream.url, MULL_API_KEYS: 'sk-mull' }))
  })
  afterAll(() => running.close(0))

  test.each(['', '/v1', '/v1/'])('asks a Mull that runs already, by its address with "%s" behind it', async (path) => {
    const { code, out, err } = await ask(['why', '-m', 'r1+sc@2', '--url', running.url + path, '--key', 'sk-mull'])
    expect({ code, out, err }).toEqual({ code: 0, out: 'It is 42.\n', err: '' })
  })

  test('its refusal of a key is a failure that says so', async () => {
    const { code, err } = await ask(['why', '--url', running.url])
    expect(code).toBe(1)
    expect(err).toContain('asks for an API key')
  })

  test('where nothing answers, it says how to start one', async () => {
    const { code, err } = await ask(['why', '-m', 'r1', '--url', 'http://127.0.0.1:1'])
    expect(code).toBe(1)
    expect(err).toContain('Nothing answers at http://127.0.0.1:1: "mull" starts one')
  })
})
