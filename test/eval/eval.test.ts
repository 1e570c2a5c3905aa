import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { type AskedJson, gate, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { askedOf, Place } from './running.ts'

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())
beforeEach(() => {
  upstream.asked.length = 0
  upstream.reply(({ json }) => samples(json!))
})

const rows = [
  { question: 'easy', answer: '4' },
  { question: 'hard', answer: '4' },
  { question: 'wrong', answer: '4' },
]

/** What is said to each question, draw by draw. */
const said: Record<string, readonly string[]> = {
  easy: ['4', '4', '4', '4'],
  hard: ['3', '4', '4', '4'],
  wrong: ['4', '3', '3', '3'],
}

function samples(json: AskedJson) {
  const question = String(json.messages!.at(-1)!.content)
  const answers = said[question] ?? ['4']
  return {
    choices: Array.from({ length: json.n ?? 1 }, (_, at) => ({
      text: `It is ${answers[at % answers.length]}.`,
      thinking: 'Hm.',
    })),
    usage: { prompt_tokens: 10, completion_tokens: 5 * (json.n ?? 1) },
  }
}

const env = () => ({ UPSTREAM_BASE_URL: upstream.url })

describe('mull eval', () => {
  test('draws once for all recipes, and tells what each is worth and costs', async () => {
    using place = new Place().write(...rows)
    const { code, out, err } = await place.run(['--recipes', 'none,sc@2,sc@4', '--price', '1,10'], env())
    expect({ code, err: err.includes('report.json') }).toEqual({ code: 0, err: true })
    expect(askedOf(upstream.asked).sort()).toEqual([
      ['easy', 4],
      ['hard', 4],
      ['wrong', 4],
    ])
    expect(out).toMatch(/^sc@4 +66\.7 % /m)
    expect(out).not.toContain('\x1b')
    const { arms, curves, questions, baseline } = place.report
    expect(baseline).toBe('r1+none')
    const [none, two, four] = arms
    // One sample is averaged over the four that were drawn.
    expect(none).toMatchObject({ calls: 1, averagedOver: 4, tokens: { input: 10, output: 5 } })
    expect(none!.accuracy.value).toBeCloseTo((1 + 3 / 4 + 1 / 4) / 3)
    expect(two).toMatchObject({ calls: 2, tokens: { input: 10, output: 10 }, cost: (10 * 1 + 10 * 10) / 1e6 })
    // The last one may be cancelled when the vote is decided.
    expect(four).toMatchObject({ calls: 4, tokens: { input: 10 } })
    expect(four!.tokens.output).toBeGreaterThanOrEqual(15)
    expect(four!.accuracy.value).toBeCloseTo(2 / 3)
    expect(curves[0]!.points.map(({ n, pass }) => [n, pass.value])).toEqual([
      [1, expect.closeTo(2 / 3)],
      [2, expect.closeTo((1 + 1 + 0.5) / 3)],
      [4, 1],
    ])
    const outcome = questions.map(({ outcomes }) => outcomes['r1+sc@4']!)
    expect(outcome).toMatchObject([
      { right: true, answer: '4', agreement: 1 },
      { right: true, answer: '4' },
      { right: false, answer: '3' },
    ])
  })

  test('draws what more recipes need, and nothing twice', async () => {
    using place = new Place().write(...rows)
    await place.run(['--recipes', 'none'], env())
    await place.run(['--recipes', 'none,sc@4'], env())
    const { err } = await place.run(['--recipes', 'none,sc@4,sc@2'], env())
    expect(err).toContain('New since the last run: r1+self-consistency@2.')
    expect(askedOf(upstream.asked).filter(([question]) => question === 'hard')).toEqual([
      ['hard', 1],
      ['hard', 3],
    ])
  })

  test('an upstream that refuses n is asked for each sample once', async () => {
    upstream.reply(({ json }) =>
      json!.n ? { status: 400, error: { message: 'n is not supported.', param: 'n' } } : samples(json!),
    )
    using place = new Place().write(rows[0]!)
    const { code } = await place.run(['--recipes', 'none,sc@2,sc@4'], env())
    expect(code).toBe(0)
    expect(askedOf(upstream.asked).filter(([, n]) => n === 1)).toHaveLength(4)
    expect(place.report.arms[1]).toMatchObject({ tokens: { input: 20, output: 10 } })
  })

  test('a strategy that samples on its own finds the samples of the others', async () => {
    using place = new Place().write(rows[0]!)
    await place.run(['--recipes', 'none,sc@4,ac@4(wave=2)'], env())
    expect(askedOf(upstream.asked)).toEqual([['easy', 4]])
    expect(place.report.arms[2]!.calls).toBe(4)
  })

  test('a changed question is noticed, and asked anew alone', async () => {
    using place = new Place().write(...rows)
    await place.run(['--recipes', 'none'], env())
    place.write(rows[0]!, { question: 'other', answer: '4' }, rows[2]!)
    const { err } = await place.run(['--recipes', 'none'], env())
    expect(err).toContain('1 of 3 questions are new or have changed')
    expect(err).toContain('Going on: 2 of 3 answers are there already.')
    expect(
      askedOf(upstream.asked)
        .map(([question]) => question)
        .sort(),
    ).toEqual(['easy', 'hard', 'other', 'wrong'])
  })

  test('another temperature is another question', async () => {
    using place = new Place().write(rows[0]!)
    await place.run(['--recipes', 'none'], env())
    const { err } = await place.run(['--recipes', 'none', '--temperature', '1'], env())
    expect(err).toContain('everything is asked anew')
    expect(upstream.asked.at(-1)!.json).toMatchObject({ temperature: 1 })
    expect(askedOf(upstream.asked)).toHaveLength(2)
  })

  test('what fails is told, left out, and asked again the next time', async () => {
    upstream.reply(({ json }) =>
      json!.messages!.at(-1)!.content === 'hard'
        ? { status: 500, error: { message: 'Out of memory.' } }
        : samples(json!),
    )
    using place = new Place().write(...rows)
    const first = await place.run(['--recipes', 'none'], { ...env(), UPSTREAM_RETRIES: '0' })
    expect(first.code).toBe(1)
    expect(first.err).toContain('r1+none did not answer: Out of memory.')
    expect(place.report.arms[0]).toMatchObject({ answered: 2 })
    upstream.reply(({ json }) => samples(json!))
    const second = await place.run(['--recipes', 'none'], env())
    expect(second.code).toBe(0)
    expect(place.report.arms[0]).toMatchObject({ answered: 3 })
    expect(askedOf(upstream.asked).filter(([question]) => question === 'easy')).toHaveLength(1)
  })

  test('a key that is refused ends it at once', async () => {
    upstream.reply(() => ({ status: 401, error: { message: 'Who are you?' } }))
    using place = new Place().write(...rows)
    const { code, err } = await place.run(['--recipes', 'none', '--concurrency', '1'], env())
    expect(code).toBe(1)
    expect(err).toContain('Who are you?')
    expect(askedOf(upstream.asked)).toHaveLength(1)
  })

  test.each([
    ['a recipe that is none', ['--recipes', 'none,self-consistancy@4'], 'Did you mean "self-consistency"?'],
    ['a baseline that is not among them', ['--recipes', 'none,sc@2', '--baseline', 'sc@4'], '--baseline is "sc@4"'],
    ['more calls than one request may make', ['--recipes', 'sc@64+sc@64'], 'MULL_MAX_CALLS'],
  ])('%s exits with 2 before anything is asked', async (_, flags, complaint) => {
    using place = new Place().write(...rows)
    const { code, err } = await place.run(flags, env())
    expect(code).toBe(2)
    expect(err).toContain(complaint)
    expect(askedOf(upstream.asked)).toEqual([])
  })

  test('several models are compared, each at its own price', async () => {
    using place = new Place().write(...rows)
    const flags = ['-m', 'r1,other', '--recipes', 'none,sc@2', '--price', '1,1', '--price', 'other=100,100']
    const { out } = await place.run(flags, env())
    expect(out).toMatch(/^other\+sc@2 /m)
    const { arms, baseline, curves } = place.report
    expect(baseline).toBe('r1+none')
    expect(arms.map(({ name }) => name)).toEqual(['r1+none', 'r1+sc@2', 'other+none', 'other+sc@2'])
    expect(arms[2]!.cost! / arms[0]!.cost!).toBeCloseTo(100)
    expect(curves.map(({ model }) => model)).toEqual(['r1', 'other'])
  })

  test('where nothing is answered, it says why', async () => {
    upstream.reply(() => ({ status: 500, error: { message: 'Out of memory.' } }))
    using place = new Place().write(rows[0]!)
    const { code, err } = await place.run(['--recipes', 'none'], { ...env(), UPSTREAM_RETRIES: '0' })
    expect(code).toBe(1)
    expect(err).toContain('r1+none did not answer: Out of memory.')
  })

  test('a price that is none is refused by its flag', async () => {
    using place = new Place().write(...rows)
    const { err } = await place.run(['--price', 'cheap'], env())
    expect(err).toContain('It is no price.')
  })

  test('data that cannot be used exits with 2 and names the line', async () => {
    using place = new Place().write(rows[0]!, { question: 'q' })
    const { code, err } = await place.run([], env())
    expect(code).toBe(2)
    expect(err).toContain('line 2: it has nothing to check an answer by')
  })

  test('--json prints the report', async () => {
    using place = new Place().write(rows[0]!)
    const { out } = await place.run(['--recipes', 'none', '--json'], env())
    expect(JSON.parse(out)).toEqual(place.report)
  })
})

describe('a run that ends early', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s loses nothing that was answered',
    async (signal) => {
      const held = gate()
      const arrived = gate()
      upstream.reply(({ json }) => {
        if (json!.messages!.at(-1)!.content !== 'hard') return samples(json!)
        arrived.open()
        return { ...samples(json!), hold: held }
      })
      using place = new Place().write(...rows)
      const flags = ['--recipes', 'none,sc@2,sc@4', '--concurrency', '1']
      using child = place.start(flags, env())
      const err = text(child.stderr)
      await arrived.promise
      const ended = once(child, 'exit')
      child.kill(signal)
      const [code] = await ended
      if (signal === 'SIGINT') {
        expect(code).toBe(130)
        expect(await err).toContain('the same command goes on from there')
      }
      // As if it had been in the middle of a line.
      for (const name of ['samples.jsonl', 'outcomes.jsonl']) appendFileSync(join(place.out, name), '{"half a li')

      held.open()
      const resumed = await place.run(flags, env())
      expect(resumed.code).toBe(0)
      expect(resumed.err).toContain('Going on: 3 of 9 answers are there already.')
      expect(askedOf(upstream.asked)).toEqual([
        ['easy', 4],
        ['hard', 4],
        ['hard', 4],
        ['wrong', 4],
      ])
      expect(place.report.arms.map(({ answered }) => answered)).toEqual([3, 3, 3])

      upstream.asked.length = 0
      await place.run(flags, env())
      expect(askedOf(upstream.asked)).toEqual([])
    },
    60_000,
  )
})

describe('a verifier', () => {
  test('is asked once for each answer, in this run and in later ones', async () => {
    await using verifier = await startUpstream()
    const reply = { headers: { 'content-type': 'application/json' }, chunks: ['{"passed": [true, false]}'] }
    verifier.routes['POST /v1/check'] = reply
    const url = { MULL_VERIFY_URL: `${verifier.url}/check` }
    upstream.reply(() => ({ text: '```python\nx = 1\n```' }))
    using place = new Place().write({ question: 'q', tests: ['assert x', 'assert y'] })
    for (const recipes of ['none', 'none,sc@2'])
      expect((await place.run(['--recipes', recipes], { ...env(), ...url })).code).toBe(0)
    expect(place.report.questions[0]!.outcomes['r1+none']).toMatchObject({ right: false, value: 0 })
    const bodies = verifier.asked.map(({ json }) => json)
    expect(bodies).toMatchObject([{ candidate: '```python\nx = 1\n```', tests: ['assert x', 'assert y'] }])
  })

  test('that is not there is missed before anything is asked', async () => {
    using place = new Place().write({ question: 'q', tests: ['assert x'] })
    const { code, err } = await place.run(['--recipes', 'none'], env())
    expect(code).toBe(2)
    expect(err).toContain('MULL_VERIFY_URL')
    expect(askedOf(upstream.asked)).toEqual([])
  })
})

test('a Mull that runs already may answer', async () => {
  const running = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: upstream.url, MULL_API_KEYS: 'sk-mull' }))
  using place = new Place().write(...rows)
  const { code } = await place.run(['--url', running.url, '--key', 'sk-mull', '--recipes', 'none,sc@4'])
  await running.close(0)
  expect(code).toBe(0)
  const { arms, curves } = place.report
  expect(arms.map(({ calls, accuracy }) => [calls, accuracy.value])).toEqual([
    [1, expect.closeTo(2 / 3)],
    [4, expect.closeTo(2 / 3)],
  ])
  expect(curves).toEqual([])
})

test('what answers at --url without being a Mull is told so', async () => {
  using place = new Place().write(rows[0]!)
  const { code, err } = await place.run(['--url', upstream.url, '--recipes', 'none'])
  expect(code).toBe(1)
  expect(err).toContain('is no Mull: give its address as --upstream')
})

test('tiny-r1 is evaluated where nothing else is found', async () => {
  using place = new Place().write({ question: 'What is 6 × 7?', answer: '42' })
  const { code, out } = await place.run(['-m', 'tiny-r1', '--recipes', 'none,sc@4', '--seed', '1'])
  expect(code).toBe(0)
  expect(out).toMatch(/^sc@4 /m)
})
