import { describe, expect, test } from 'vitest'
import { BadRecipe, evaluate, execute, type Limits, over, type Prompt, type ScorerSpec, UpstreamFailed } from '#core'
import { scorerOf } from '../../src/scorers/index.ts'
import { auto } from '../../strategies/auto.ts'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { type Call, context, heard, type Line, never, question, scripted, times } from '../helpers/scripted.ts'

const asked = question('What is 6 times 7?')
type Setting = { options?: object; limits?: Limits; prompt?: Prompt; more?: object }
const decide = (
  upstream: ReturnType<typeof scripted>,
  { options = {}, limits = {}, prompt = asked, more = {} }: Setting = {},
) => heard(execute(auto(options)(upstream.model), prompt, { ...context, limits, ...more }))

const judging = ({ prompt }: Call) => String(prompt.messages[0]?.content).startsWith('Grade an answer')
const gone = new UpstreamFailed('gone', 'Gone.', 502)
const essay = (name: string) =>
  `${name} begins a long story, in which a good deal happens to a good many people. `.repeat(6)
const program = (name: string) => `\`\`\`python\ndef ${name}():\n    return 42\n\`\`\``
/** Never the same answer twice. */
const torn = () => scripted(({ draw }) => `It is ${draw}.`)

describe('without an effort', () => {
  test('a first wave that agrees is enough', async () => {
    const upstream = scripted(['It is 42.', '42', '\\boxed{42}', 'The answer is 42.'])
    const { completion, notes } = await decide(upstream)
    expect(completion.text).toBe('It is 42.')
    expect(upstream.calls).toHaveLength(4)
    expect(notes).toContain('4 samples are enough, as far as they agree.')
  })

  test('a first wave that disagrees is widened until the leader is ahead, and counts', async () => {
    const upstream = scripted(({ draw }) => (draw === 1 ? 'It is 41.' : draw < 7 ? 'It is 42.' : never))
    const { completion, events, notes } = await decide(upstream)
    expect(completion.text).toBe('It is 42.')
    // P(ahead) is 0.9375 at 5 to 1, and 0.965 at 6 to 1.
    expect(events.findLast(({ type }) => type === 'votes')).toMatchObject({
      votes: {
        votes: [
          { answer: '42', count: 6 },
          { answer: '41', count: 1 },
        ],
      },
    })
    expect(notes).toContain('The first 4 samples are not enough, so up to 40 are drawn.')
    expect(upstream.live).toBe(0)
  })

  test.each([
    [40, 4],
    [10, 4],
    [3, 4],
  ])('no agreement costs all of max=%i, wave after wave of %i', async (max, wave) => {
    const upstream = torn()
    const { completion } = await decide(upstream, { options: { max, wave } })
    expect(completion.text).toBe('It is 0.')
    expect(upstream.calls).toHaveLength(max)
    expect(evaluate(auto.about.calls, { max, wave, score: 0 })).toBeGreaterThanOrEqual(max)
    expect(upstream.peak).toBeLessThanOrEqual(wave)
    expect(new Set(upstream.calls.map(({ draw }) => draw)).size).toBe(max)
  })
})

describe('reasoning_effort', () => {
  const withEffort = (effort: string): Prompt => ({ ...asked, rest: { reasoning_effort: effort } })

  test.each(['none', 'minimal', 'low', 'medium'])('%s is one sample with that effort', async (effort) => {
    const upstream = torn()
    const { completion, notes } = await decide(upstream, { prompt: withEffort(effort) })
    expect(completion.text).toBe('It is 0.')
    expect(upstream.calls.map(({ prompt }) => prompt)).toEqual([withEffort(effort)])
    expect(notes.join()).toContain(effort)
  })

  test.each([
    ['high', 16, 'high'],
    ['xhigh', 40, 'xhigh'],
    ['max', 40, 'high'],
    ['whatever', 40, 'whatever'],
  ])('%s is a vote of at most %i, asked with %s', async (effort, most, sent) => {
    const upstream = torn()
    await decide(upstream, { prompt: withEffort(effort) })
    expect(upstream.calls).toHaveLength(most)
    expect(new Set(upstream.calls.map(({ prompt }) => prompt.rest?.['reasoning_effort']))).toEqual(new Set([sent]))
  })

  test('is read in OpenRouter’s form as well', async () => {
    const upstream = torn()
    await decide(upstream, { prompt: { ...asked, rest: { reasoning: { effort: 'low' } } } })
    expect(upstream.calls).toHaveLength(1)
    await decide(upstream, { prompt: { ...asked, rest: { reasoning: { effort: 'max', exclude: false } } } })
    expect(upstream.calls.at(-1)?.prompt.rest).toEqual({ reasoning: { effort: 'high', exclude: false } })
  })
})

describe('free text', () => {
  const tales = (judge: (words: string) => Line) =>
    scripted((call) => (judging(call) ? judge(call.prompt.messages[0]!.content as string) : essay('ABCD'[call.draw]!)))

  test('is judged, and what was drawn is what is judged', async () => {
    const upstream = tales((words) => `Score: ${words.includes('C begins') ? 9 : 4}`)
    const { completion, said, notes } = await decide(upstream)
    expect(completion.text).toBe(essay('C'))
    expect(said.text).toBe(essay('C'))
    expect(completion.others).toHaveLength(3)
    expect(upstream.calls).toHaveLength(evaluate('wave + wave * score', { wave: 4, score: 1 }))
    expect(notes.join()).toContain('free text')
  })

  test('of which no judge can tell is answered with the first', async () => {
    const upstream = tales(() => {
      throw gone
    })
    const { completion, notes } = await decide(upstream)
    expect(completion).toMatchObject({ text: essay('A'), finish: 'stop' })
    expect(notes).toContain('A call failed and is done without: Gone.')
  })

  test('a score that is missing is no 0', async () => {
    const upstream = tales((words) => (words.includes('B begins') ? 'Hm.' : 'Score: 0'))
    expect((await decide(upstream)).completion.text).toBe(essay('A'))
  })

  test('a budget that ends while judging answers with the best so far', async () => {
    const upstream = tales((words) => `Score: ${words.includes('B begins') ? 9 : 4}`)
    const { completion } = await decide(upstream, { limits: { calls: 6 } })
    expect(completion).toMatchObject({ text: essay('B'), finish: 'budget' })
  })

  test('only some of which is long is voted on', async () => {
    const upstream = scripted(({ draw }) => (draw === 0 ? essay('A') : draw % 2 ? 'It is 41.' : 'It is 42.'))
    await decide(upstream, { options: { max: 6 } })
    expect(upstream.calls).toHaveLength(6)
  })
})

describe('programs', () => {
  const prompt = question('Write a function that returns 42.')
  /** A verifier that passes one program alone, where there is one. */
  const verified = (name?: string) => ({
    services: (service: string) => {
      if (!name) throw new BadRecipe('No service is configured.')
      return service as never
    },
    scorers: (spec: ScorerSpec) =>
      spec === 'verify'
        ? {
            async score(_: Prompt, { text }: { text: string }) {
              const pass = text.includes(`${name}()`)
              return { score: Number(pass), pass }
            },
          }
        : scorerOf(spec),
  })
  const coder = () => scripted((call) => (judging(call) ? 'Score: 5' : program('abcdefgh'[call.draw]!)))

  test('are tested where there is a verifier, the first wave among them', async () => {
    const upstream = coder()
    const { completion } = await decide(upstream, { prompt, more: verified('f') })
    expect(completion.text).toBe(program('f'))
    expect(upstream.calls).toHaveLength(8)
    expect(upstream.calls.some(judging)).toBe(false)
    expect((await decide(coder(), { prompt, more: verified('b') })).completion.text).toBe(program('b'))
    expect((await decide(coder(), { prompt, options: { max: 3 }, more: verified('c') })).completion.text).toBe(
      program('c'),
    )
  })

  test('are judged where there is none', async () => {
    const upstream = coder()
    await decide(upstream, { prompt, more: verified() })
    expect(upstream.calls.filter(judging)).toHaveLength(4)
  })
})

describe('structure is voted on:', () => {
  const call = (city: string): Line => ({
    text: '',
    toolCalls: [{ id: city, type: 'function', function: { name: 'weather', arguments: `{"city":"${city}"}` } }],
  })
  const json = { response_format: { type: 'json_object' } }
  test.each<[string, Line[], Prompt, object]>([
    ['tool calls', [call('Rome'), ...times(9, () => call('Bern'))], asked, { toolCalls: [{ id: 'Bern' }] }],
    ['JSON', ['{"a":1}', ...times(9, () => '{ "a": 2 }')], { ...asked, rest: json }, { text: '{ "a": 2 }' }],
  ])('%s', async (_, lines, prompt, answer) => {
    const upstream = scripted(lines)
    expect((await decide(upstream, { prompt })).completion).toMatchObject(answer)
    expect(upstream.calls.some(judging)).toBe(false)
  })
})

test('a draw that fails is left out, and all that fail fail the request', async () => {
  const upstream = scripted(({ draw }) => {
    if (draw === 0) throw gone
    return 'It is 42.'
  })
  expect((await decide(upstream)).completion.text).toBe('It is 42.')
  await expect(decide(scripted(() => Promise.reject(gone)))).rejects.toBe(gone)
})

test('a budget that ends in the middle answers with the vote so far', async () => {
  const upstream = scripted(({ draw }) => `It is ${[41, 42, 42, 40, 39][draw]}.`)
  const { completion } = await decide(upstream, { limits: { calls: 5 } })
  expect(completion).toMatchObject({ text: 'It is 42.', finish: 'budget' })
})

test('a client that leaves ends it', async () => {
  const upstream = scripted(() => never)
  const client = new AbortController()
  const { result } = execute(auto()(upstream.model), asked, { ...context, signal: client.signal })
  await upstream.until(({ live }) => live === 4)
  client.abort(new Error('Enough.'))
  await expect(result).rejects.toThrow('Enough.')
  expect(upstream.live).toBe(0)
})

test('voters may each decide for themselves', async () => {
  const upstream = scripted(['It is 42.'])
  const model = over(upstream.model, auto(), selfConsistency({ n: 3 }))
  expect((await heard(execute(model, asked, context))).completion.text).toBe('It is 42.')
})
