import { describe, expect, test } from 'vitest'
import {
  type ExecuteOptions,
  evaluate,
  execute,
  type Prompt,
  type Strategy,
  type StrategyFactory,
  strategy,
  type TokenLogprob,
  UpstreamFailed,
} from '#core'
import { about, context, gate, heard, type Line, never, question, type Script, scripted, times } from './scripted.ts'

/** What strategies are run with that need an upstream which can do everything. */
export const able = { ...context, can: async () => true }

/** What a strategy spends on a question, and what it says that it spends at most; `score` and `compare` are 1 each. */
export async function costOf<Options>(
  factory: (options: Options) => Strategy,
  options: Options,
  script: Script | readonly Line[],
  asked: Prompt = question('What is 6 times 7?'),
  more: ExecuteOptions = {},
) {
  const { about, schema } = factory as unknown as StrategyFactory
  const numbers = Object.entries(schema.parse(options)).filter(([, value]) => typeof value === 'number')
  const values = { ...(Object.fromEntries(numbers) as Record<string, number>), score: 1, compare: 1 }
  const { upstream, rounds } = inRounds(script)
  await execute(factory(options)(upstream.model), asked, { ...able, models: () => upstream.model, ...more }).result
  return {
    spent: { calls: upstream.calls.length, depth: rounds.over },
    stated: { calls: evaluate(about.calls, values), depth: evaluate(about.depth, values) },
  }
}

/** A scripted model that answers in rounds: all that is asked at once, then all that was asked because of that. */
function inRounds(script: Script | readonly Line[]) {
  const rounds = { over: 0 }
  let round: Promise<void> | undefined
  const begin = () =>
    new Promise<void>((resolve) =>
      setTimeout(() => {
        round = undefined
        rounds.over++
        resolve()
      }, 0),
    )
  const say: Script = (call) => (typeof script === 'function' ? script(call) : script[call.draw % script.length]!)
  const upstream = scripted(async (call) => {
    round ??= begin()
    await round
    return say(call)
  })
  return { upstream, rounds }
}

/** The lines are the samples of the question by draw, and all else that is asked goes to `other`. */
export const asking =
  (lines: readonly Line[], other: Script = () => 'No idea.', asked: Prompt = question('What is 6 times 7?')): Script =>
  (call) =>
    call.prompt.messages.at(-1)?.content === asked.messages.at(-1)?.content
      ? lines[call.draw % lines.length]!
      : other(call)

/** The lines are the samples by draw, and arrive in the given order of draws. */
export async function arriving(way: Strategy, lines: readonly Line[], order = times(lines.length, Number)) {
  const gates = lines.map(gate)
  const upstream = scripted(async ({ draw }) => {
    await gates[draw]!.promise
    return lines[draw]!
  })
  const execution = execute(way(upstream.model), question('What is 6 times 7?'), able)
  for (const draw of order) gates[draw]!.open()
  return { upstream, ...(await heard(execution)) }
}

/** What holds of every strategy that votes; `way` draws three samples, and `other` answers what else it asks. */
export function voters(way: Strategy, other: Script): void {
  const asked = question('What is 6 times 7?')
  const run = (script: Script, options: ExecuteOptions = {}, prompt = asked) => {
    const upstream = scripted(script)
    return { upstream, ...execute(way(upstream.model), prompt, { ...able, ...options }) }
  }
  const failing = (draws: readonly number[]): Script => {
    const rest = asking(['42', '42', '42'], other)
    return (call) => {
      const fails = call.prompt.messages.length === 1 && draws.includes(call.draw)
      if (fails) throw new UpstreamFailed('overloaded', 'Too busy.', 503)
      return rest(call)
    }
  }

  describe('like every vote', () => {
    test('it leaves out a sample that fails', async () => {
      expect(await run(failing([0])).result).toMatchObject({ text: '42', index: 1, finish: 'stop' })
    })

    test('it fails as the upstream does when all samples fail', async () => {
      await expect(run(failing([0, 1, 2])).result).rejects.toMatchObject({ status: 503, message: 'Too busy.' })
    })

    test('it answers with the vote so far when the budget ends', async () => {
      const { result } = run(asking(['42', '42', '41'], other), { limits: { calls: 2 } })
      expect(await result).toMatchObject({ text: '42', finish: 'budget' })
    })

    test('it lets go of everything when the client leaves', async () => {
      const client = new AbortController()
      const { upstream, result } = run(() => never, { signal: client.signal })
      await upstream.until(({ live }) => live === 3)
      client.abort(new Error('Enough.'))
      await expect(result).rejects.toThrow('Enough.')
      expect(upstream.live).toBe(0)
    })

    test('it is a model to another strategy', async () => {
      const upstream = scripted(asking(['41', '42', '42'], other))
      expect(await execute(twice()(way(upstream.model)), asked, able).result).toMatchObject({ text: '42', index: 1 })
    })

    test('it compares tool calls by what they ask for', async () => {
      const call = (id: string, text: string): Line => ({
        toolCalls: [{ id, type: 'function', function: { name: 'weather', arguments: text } }],
        finish: 'tool_calls',
      })
      const lines = [call('a', '{"city":"Rome"}'), call('b', '{"city":"Oslo","days":2}')]
      const { result } = run(asking([...lines, call('c', '{ "days": 2, "city": "Oslo" }')], other))
      expect(await result).toMatchObject({ index: 1, finish: 'tool_calls', toolCalls: [{ id: 'b' }] })
    })

    test('it answers with one sample, word for word, that keeps to the schema', async () => {
      const json_schema = { schema: { type: 'object', required: ['a'], properties: { a: { type: 'number' } } } }
      const rest = { response_format: { type: 'json_schema', json_schema } }
      const { result } = run(asking(['{"a":"1"}', '{ "a": 1 }', '{"a":1}'], other), {}, { ...asked, rest })
      expect((await result).text).toBe('{ "a": 1 }')
    })
  })
}

/** A strategy of the tests' own around another, which it samples twice. */
const twice = strategy('twice', about, {}, async (run) => {
  const [, second] = await run.samples(2).all()
  return second!
})

/** A line with what the upstream says of its tokens: for each, the log-probabilities of the likeliest in its place. */
export const withLogprobs = (line: Line, tokens: readonly (readonly number[])[]): Exclude<Line, string> => ({
  ...(typeof line === 'string' ? { text: line } : line),
  choiceExtra: { logprobs: { content: tokens.map(tokenOf), refusal: null } },
})

/** A token that came as the likeliest in its place. */
export const tokenOf = (likeliest: readonly number[]): TokenLogprob => ({
  token: 'x',
  logprob: likeliest[0]!,
  top_logprobs: likeliest.map((logprob) => ({ token: 'x', logprob })),
})
