import { describe, expect, test } from 'vitest'
import { BadRecipe, type ExecuteOptions, execute, type Scorer, UpstreamFailed, untilAborted } from '#core'
import { codet } from '../../strategies/codet.ts'
import { type Call, heard, type Line, never, question, type Script, scripted } from '../helpers/scripted.ts'
import { able, asking, costOf } from '../helpers/strategy.ts'

const asked = question('Write a Python function double(x) that returns twice its argument.')

/** A program whose results are these, so that a test `assert double(x) == y` can be run by looking. */
const program = (results: Readonly<Record<string, number>>, comment = '') =>
  `\`\`\`python\ndef double(x):\n    return ${JSON.stringify(results)}[str(x)]${comment && `  # ${comment}`}\n\`\`\``

/** Runs tests by looking at what the program returns. */
function verifier(more: Partial<Scorer> = {}) {
  const ran: { text: string; tests: readonly string[] }[] = []
  const scorer: Scorer = {
    score: async () => undefined,
    async check(_, { text }, tests) {
      ran.push({ text, tests })
      const results = JSON.parse(/\{.*?\}/.exec(text)![0])
      return tests.map((test) => {
        const [, input, output] = /double\((\S+?)\) == (\S+)/.exec(test) ?? []
        return String(results[input!]) === output
      })
    },
    ...more,
  }
  return { ran, options: { scorers: () => scorer, services: () => ({}) as never } satisfies ExecuteOptions }
}

const tests = (...asserts: readonly string[]) => `Here they are:\n\`\`\`python\n${asserts.join('\n')}\n\`\`\``
const wordsOf = ({ prompt }: Call) => String(prompt.messages.at(-1)?.content)

function solve(
  programs: readonly Line[],
  written: readonly Line[] | Script,
  options = {},
  checks = verifier(),
  more: ExecuteOptions = {},
  prompt = asked,
) {
  const script: Script = (call) => (typeof written === 'function' ? written(call) : written[call.draw]!)
  const upstream = scripted(asking(programs, script, prompt))
  const numbers = { n: programs.length, tests: typeof written === 'function' ? 1 : written.length }
  const execution = execute(codet({ ...numbers, ...options })(upstream.model), prompt, {
    ...able,
    ...checks.options,
    ...more,
  })
  return heard(execution).then((result) => ({ ...result, upstream, ran: checks.ran }))
}

const right = program({ 1: 2, 2: 4, 3: 6 })
const wrong = program({ 1: 1, 2: 4, 3: 9 })
const useless = program({})

test('programs and tests that agree with one another win over programs that most wrote', async () => {
  const { completion } = await solve(
    [wrong, wrong, wrong, right, right],
    [tests('assert double(1) == 2', 'assert double(3) == 6'), tests('assert double(2) == 4', 'assert double(3) == 6')],
  )
  expect(completion).toMatchObject({ text: right, finish: 'stop' })
  expect(completion.others?.map(({ text }) => text)).toEqual([wrong])
})

test('most tests passed alone does not win: how many programs pass them counts by its root', async () => {
  const odd = program({ 1: 7, 2: 4, 3: 6, 4: 8 })
  const { completion } = await solve(
    [odd, right, right, right, right],
    [tests('assert double(2) == 4', 'assert double(3) == 6', 'assert double(4) == 8')],
  )
  expect(completion.text).toBe(right)
})

test('only the first five assertions of a sample that call the function are run, each once', async () => {
  const many = Array.from({ length: 8 }, (_, i) => `assert double(${i}) == ${2 * i}`)
  const { ran } = await solve([right], [tests('assert 1 == 1', 'assert redouble(1) == 4', ...many), tests(...many)])
  expect(ran[0]!.tests).toEqual(many.slice(0, 5))
})

test('an assertion may go over several lines; one that was cut off is none', async () => {
  const long = 'assert double(\n    1\n) == 2'
  const { ran } = await solve([right], [tests(long, 'assert double(2) == 4, "a ( in words"', 'assert double(3')])
  expect(ran[0]!.tests).toEqual([long, 'assert double(2) == 4, "a ( in words"'])
})

test('a program that was written more than once is run once', async () => {
  const { ran } = await solve([right, right, wrong, right], [tests('assert double(1) == 2')])
  expect(ran.map(({ text }) => text)).toEqual([right, wrong])
})

test('of a group the one of median length answers, or if so asked the shortest', async () => {
  const group = [program({ 1: 2 }, 'a longer way to say'), program({ 1: 2 }), program({ 1: 2 }, 'short')]
  expect((await solve(group, [tests('assert double(1) == 2')])).completion.text).toBe(group[2])
  expect((await solve(group, [tests('assert double(1) == 2')], { member: 'shortest' })).completion.text).toBe(group[1])
})

describe('the function to test', () => {
  test('is the last one that the question begins', async () => {
    const begun = question('Complete:\ndef half(x):\n    return x / 2\n\ndef double(x):\n')
    const { ran } = await solve(
      [right],
      [tests('assert half(2) == 1', 'assert double(1) == 2')],
      {},
      verifier(),
      {},
      begun,
    )
    expect(ran[0]!.tests).toEqual(['assert double(1) == 2'])
  })

  test('is the one that is named', async () => {
    const { ran } = await solve([right], [tests('assert other(2) == 1', 'assert double(1) == 2')], { entry: 'other' })
    expect(ran[0]!.tests).toEqual(['assert other(2) == 1'])
  })
})

describe('examples in the question', () => {
  const shown = question(`${asked.messages[0]!.content}\nassert double(3) == 6\n>>> double(1)\n2`)

  test('must hold, whatever the written tests say', async () => {
    const written = [tests('assert double(1) == 1', 'assert double(2) == 4', 'assert double(3) == 9')]
    const { completion, ran } = await solve([wrong, wrong, right], written, {}, verifier(), {}, shown)
    expect(completion.text).toBe(right)
    expect(ran[0]!.tests.slice(0, 2)).toEqual(['assert double(3) == 6', 'assert double(1) == 2'])
  })

  test('are enough where no test could be had', async () => {
    const { completion } = await solve([wrong, wrong, right], ['None.'], {}, verifier(), {}, shown)
    expect(completion.text).toBe(right)
  })

  test('that nobody meets rule nobody out', async () => {
    const { completion } = await solve([useless, wrong], [tests('assert double(2) == 4')], {}, verifier(), {}, shown)
    expect(completion.text).toBe(wrong)
  })
})

describe('the vote decides', () => {
  test('where there are no tests', async () => {
    const { completion, notes, ran } = await solve([wrong, right, right], ['I cannot.'])
    expect(completion.text).toBe(right)
    expect(notes).toContain('There are no tests of double to run, so the vote decides.')
    expect(ran).toEqual([])
  })

  test('where no test is passed', async () => {
    const { completion } = await solve([wrong, right, right], [tests('assert double(5) == 5')])
    expect(completion.text).toBe(right)
  })

  test('where writing the tests failed', async () => {
    const gone: Script = () => Promise.reject(new UpstreamFailed('x', 'Out.', 503))
    expect((await solve([wrong, right, right], gone)).completion.text).toBe(right)
  })

  test('where the candidates call tools', async () => {
    const call: Line = {
      toolCalls: [{ id: 'a', type: 'function', function: { name: 'run', arguments: '{}' } }],
      finish: 'tool_calls',
    }
    const { completion, ran } = await solve([right, call, call], [tests('assert double(1) == 2')])
    expect(completion).toMatchObject({ index: 1, finish: 'tool_calls' })
    expect(ran).toEqual([])
  })
})

test('a program that could not be run is left out', async () => {
  const checks = verifier()
  const { check } = checks.options.scorers()
  const broken = verifier({
    check: async (...given) => {
      if (given[1].text === wrong) throw new UpstreamFailed('x', 'Sandbox gone.', 502)
      return check!(...given)
    },
  })
  const { completion, notes } = await solve([wrong, wrong, right], [tests('assert double(2) == 4')], {}, broken)
  expect(completion.text).toBe(right)
  expect(notes.join()).toContain('Sandbox gone.')
})

test('without a verifier nothing is asked', async () => {
  const upstream = scripted([right])
  await expect(execute(codet()(upstream.model), asked, able).result).rejects.toThrow(BadRecipe)
  expect(upstream.calls).toHaveLength(0)
})

test('tests are asked for in words, with room of their own, warm, and know no program', async () => {
  const prompt = { ...asked, temperature: 0, stop: ['END'], rest: { tools: ['t'] } }
  const { upstream } = await solve([right], [tests(), tests()], {}, verifier(), {}, prompt)
  const [, ...writing] = upstream.calls
  expect(writing).toHaveLength(2)
  for (const call of writing) {
    expect(call.prompt).toMatchObject({ temperature: 0.7, maxTokens: 4096, rest: {} })
    expect(call.prompt.stop).toBeUndefined()
    expect(wordsOf(call)).not.toContain('return {')
  }
})

test('it costs what it says, programs and tests at once', async () => {
  const script = asking([right], () => tests('assert double(1) == 2'), asked)
  const { spent, stated } = await costOf(codet, { n: 4, tests: 3 }, script, asked, verifier().options)
  expect(spent).toEqual(stated)
})

test('a budget that ends while programs run answers with the vote', async () => {
  const slow = verifier({ check: (_question, _candidate, _tests, { scope }) => untilAborted(never, scope.signal) })
  const { completion } = await solve([wrong, right, right], [tests('assert double(1) == 2')], {}, slow, {
    limits: { ms: 30 },
  })
  expect(completion).toMatchObject({ text: right, finish: 'budget' })
})

test('a client that leaves while programs are written ends it', async () => {
  const client = new AbortController()
  const upstream = scripted(() => never)
  const options = { ...able, ...verifier().options, signal: client.signal }
  const { result } = execute(codet({ n: 2, tests: 2 })(upstream.model), asked, options)
  await upstream.until(({ live }) => live === 4)
  client.abort(new Error('Enough.'))
  await expect(result).rejects.toThrow('Enough.')
  expect(upstream.live).toBe(0)
})
