import { describe, expect, test } from 'vitest'
import { type ExecuteOptions, execute, UpstreamFailed } from '#core'
import { proverVerifier } from '../../strategies/prover-verifier.ts'
import { type Call, heard, type Line, never, question, type Script, scripted, times } from '../helpers/scripted.ts'
import { able, costOf } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?', { rest: { tools: ['t'] }, stop: ['END'] })
const wordsOf = ({ prompt }: Call) => String(prompt.messages.at(-1)?.content)
const framedIn = (call: Call, name: string) =>
  new RegExp(`<${name}>\\n([\\s\\S]*?)\\n</${name}>`).exec(wordsOf(call))?.[1]

type Game = {
  readonly helpful: (call: Call, round: number) => Line | Promise<Line>
  readonly sneaky?: (call: Call, round: number) => Line | Promise<Line>
  /** The verifier's grade of a solution, 0 to 10. */
  readonly grade?: (solution: string) => number | undefined
}

/** Tells by the prompt who is asked. */
const game =
  ({ helpful, sneaky = () => '13', grade = () => 5 }: Game): Script =>
  (call) => {
    const words = wordsOf(call)
    if (words.startsWith('Grade an answer')) {
      const found = grade(framedIn(call, 'candidate')!)
      return found === undefined ? 'Who knows?' : `Score: ${found}`
    }
    if (words.includes('proof reader')) return sneaky(call, framedIn(call, 'trap') === undefined ? 1 : 2)
    return helpful(call, framedIn(call, 'solution') === undefined ? 1 : 2)
  }

function play(players: Game, options = {}, more: ExecuteOptions = {}) {
  const upstream = scripted(game(players))
  const execution = execute(proverVerifier(options)(upstream.model), asked, { ...able, ...more })
  return heard(execution).then((result) => ({ ...result, upstream }))
}
const provers = (upstream: ReturnType<typeof scripted>) => {
  const tricking = upstream.calls.filter((call) => wordsOf(call).includes('proof reader'))
  const proving = upstream.calls.filter((call) => !tricking.includes(call) && !wordsOf(call).startsWith('Grade'))
  return { proving, tricking }
}

test('a sneaky solution never answers, however much the verifier likes it', async () => {
  const { completion, notes } = await play({
    helpful: ({ draw }) => ['41', '42', '42'][draw]!,
    grade: (solution) => ({ 13: 10, 41: 9, 42: 2 })[solution],
  })
  expect(completion.text).toBe('42')
  expect([completion, ...(completion.others ?? [])].map(({ text }) => text)).not.toContain('13')
  expect(notes).toContain('The verifier liked wrong solutions no less than the others, so its scores do not count.')
})

test('the scores weigh the vote of the helpful ones where the verifier told them from the others', async () => {
  const { completion } = await play({
    helpful: ({ draw }) => ['41', '41', '42'][draw]!,
    grade: (solution) => ({ 13: 0, 41: 2, 42: 9 })[solution],
  })
  expect(completion.text).toBe('42')
})

test('each round sees the best solution and the most tempting trap so far, and the question stays what it is', async () => {
  const { upstream } = await play(
    {
      helpful: ({ draw }, round) => ({ text: `${round}${draw}`, thinking: 'A secret.' }),
      sneaky: ({ draw }, round) => `-${round}${draw}`,
      grade: (solution) => (['11', '-12'].includes(solution) ? 9 : 4),
    },
    { n: 3 },
  )
  const { proving, tricking } = provers(upstream)
  expect(proving.slice(0, 3).map(({ prompt }) => prompt)).toEqual([asked, asked, asked])
  for (const call of proving.slice(3)) {
    expect([framedIn(call, 'solution'), framedIn(call, 'trap')]).toEqual(['11', '-12'])
    expect(call.prompt).toMatchObject({ rest: asked.rest, stop: asked.stop })
  }
  expect(tricking.slice(3).map((call) => framedIn(call, 'trap'))).toEqual(times(3, () => '-12'))
  for (const { prompt } of tricking) expect(prompt.rest).toEqual({})
  for (const call of [...proving, ...tricking]) expect(wordsOf(call)).toMatch(/^What is 6 times 7\?/)
  expect(upstream.asked.join()).not.toContain('secret')
})

test('helpful solutions of all rounds are voted on, each at a place of its own', async () => {
  const { completion } = await play({
    helpful: (_, round) => `4${round}`,
    grade: (text) => ({ 41: 3, 42: 4 })[text] ?? 1,
  })
  expect(completion).toMatchObject({ text: '42', index: 3 })
})

describe('what is done without:', () => {
  const gone = () => Promise.reject(new UpstreamFailed('x', 'Out.', 503))

  test('sneaky solutions that fail', async () => {
    expect((await play({ helpful: () => '42', sneaky: gone })).completion.text).toBe('42')
  })

  test('helpful ones that fail in a later round', async () => {
    const { completion } = await play({ helpful: (_, round) => (round === 1 ? '42' : gone()) })
    expect(completion).toMatchObject({ text: '42', finish: 'stop' })
  })

  test('grades that cannot be read, which leave the vote', async () => {
    const { completion } = await play({ helpful: ({ draw }) => ['41', '42', '42'][draw]!, grade: () => undefined })
    expect(completion.text).toBe('42')
  })
})

test('a game costs what it says', async () => {
  const script = game({ helpful: ({ draw }) => `${draw}` })
  const { spent, stated } = await costOf(proverVerifier, { n: 2, rounds: 3 }, script)
  expect(spent).toEqual(stated)
})

test('a budget that ends in a later round answers with the best helpful solution so far', async () => {
  const { completion } = await play(
    { helpful: ({ draw }) => ['41', '42', '43'][draw]!, grade: (text) => ({ 13: 10, 42: 8 })[text] ?? 4 },
    {},
    { limits: { calls: 14 } },
  )
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
})

test('a client that leaves while the verifier reads ends it', async () => {
  const client = new AbortController()
  const script = game({ helpful: () => '42' })
  const upstream = scripted((call) => (wordsOf(call).startsWith('Grade') ? never : script(call)))
  const { result } = execute(proverVerifier()(upstream.model), asked, { ...able, signal: client.signal })
  await upstream.until(({ live, calls }) => live === 6 && calls.length === 12)
  client.abort(new Error('Enough.'))
  await expect(result).rejects.toThrow('Enough.')
  expect(upstream.live).toBe(0)
})

test('tool calls of the helpful ones are voted on at once', async () => {
  const call = (city: string): Line => ({
    toolCalls: [{ id: city, type: 'function', function: { name: 'weather', arguments: JSON.stringify({ city }) } }],
    finish: 'tool_calls',
  })
  const { completion, upstream } = await play({ helpful: ({ draw }) => call(['Rome', 'Oslo', 'Oslo'][draw]!) })
  expect(completion).toMatchObject({ index: 1, toolCalls: [{ id: 'Oslo' }] })
  expect(upstream.calls).toHaveLength(6)
})
