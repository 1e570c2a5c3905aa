import { describe, expect, test } from 'vitest'
import {
  type Completion,
  type ExecuteOptions,
  execute,
  type Prompt,
  type Scorer,
  type Strategy,
  strategy,
  UpstreamFailed,
} from '#core'
import {
  about,
  context as bare,
  type Call,
  type Line,
  never,
  question,
  type Script,
  scripted,
  times,
} from './scripted.ts'
import { costOf as spending } from './strategy.ts'

/** A question whose answer has a shape, so that it shows which calls are completions of it. */
export const shaped = question('What is 6 times 7?', {
  stop: ['END'],
  maxTokens: 77,
  rest: { response_format: { type: 'text' }, parallel_tool_calls: false, user: 'me' },
})

/** Whether a call asks the client's own question, with or without something said after it. */
export const isReal = ({ prompt }: Pick<Call, 'prompt'>): boolean =>
  prompt.stop !== undefined && wordsOf({ prompt }).startsWith('What is 6 times 7?')

export const wordsOf = ({ prompt }: Pick<Call, 'prompt'>): string => String(prompt.messages.at(-1)?.content)

export const framesOf = (name: string, call: Pick<Call, 'prompt'>): string[] =>
  [...wordsOf(call).matchAll(new RegExp(`<${name}>\\n([\\s\\S]*?)\\n</${name}>`, 'g'))].map(([, text]) => text!)

/** Asks one call for each score and each comparison: `Score: …` for a number, `Compare: … | …` for a number too. */
const plainly: Scorer = {
  score: async (_, { text }, { judge, scope }) => {
    const score = numberIn(await judge(question(`Score: ${text}`, { maxTokens: 4096 }), scope))
    return score === undefined ? undefined : { score }
  },
  compare: async (_, a, b, { judge, scope }) =>
    numberIn(await judge(question(`Compare: ${a.text} | ${b.text}`, { maxTokens: 4096 }), scope)),
}
const numberIn = ({ text }: Completion) => (text === '' || Number.isNaN(Number(text)) ? undefined : Number(text))

/** What such strategies are run with. */
export const context = { ...bare, scorers: () => plainly }

export const toolCall = (id: string, text: string): Line => ({
  toolCalls: [{ id, type: 'function', function: { name: 'weather', arguments: text } }],
  finish: 'tool_calls',
})

/** What a strategy spends, and what it says that it spends at most; a score and a comparison are one call each. */
export const costOf = <Options>(
  factory: (options: Options) => Strategy,
  options: Options,
  script: Script,
  asked = shaped,
) => spending(factory, options, script, asked, context)

type Shape = {
  /** How many calls it makes of the script. */
  readonly calls: number
  /** The calls, by order, that it cannot do without. */
  readonly essential?: readonly number[]
  /** With so many calls it has an answer. */
  readonly enough?: number
  readonly asked?: Prompt
}

/** What holds of every strategy that makes its answer of many calls. */
export function combining(
  way: Strategy,
  script: Script,
  { calls, essential = [], enough = 1, asked = shaped }: Shape,
): void {
  const run = (script: Script, options: ExecuteOptions = {}) => {
    const replies: { readonly call: Call; readonly text: string | undefined }[] = []
    const upstream = scripted(async (call) => {
      const line = await script(call)
      replies.push({ call, text: typeof line === 'string' ? line : line.text })
      return line
    })
    return { upstream, replies, ...execute(way(upstream.model), asked, { ...context, ...options }) }
  }
  const expectReal = ({ text }: Completion, replies: ReturnType<typeof run>['replies']) =>
    expect(replies.filter(({ call }) => isReal(call)).map(({ text }) => text)).toContain(text)

  describe('like every such strategy', () => {
    test('it answers with a completion of the client’s prompt, which keeps its shape; what it asks besides has none', async () => {
      const { upstream, replies, result } = run(script)
      expectReal(await result, replies)
      expect(upstream.calls).toHaveLength(calls)
      for (const call of upstream.calls.filter(isReal)) expect(call.prompt).toMatchObject({ ...asked, messages: [{}] })
      const own = upstream.calls.filter((call) => !isReal(call) && !call.prompt.stop)
      for (const { prompt } of own) {
        expect(prompt.rest ?? { user: 'me' }).toEqual({ user: 'me' })
        expect(prompt.maxTokens).toBeGreaterThanOrEqual(2048)
      }
    })

    test('it sends no temperature where the client set none', async () => {
      const { upstream, result } = run(script)
      await result
      for (const { prompt } of upstream.calls) expect(prompt.temperature).toBeUndefined()
    })

    test.each(times(calls, Number).filter((order) => !essential.includes(order)))(
      'it does without call %i where that fails',
      async (order) => {
        const { replies, result } = run((call) => {
          if (call.order === order) throw new UpstreamFailed('overloaded', 'Too busy.', 503)
          return script(call)
        })
        expectReal(await result, replies)
      },
    )

    test('it fails as the upstream does', async () => {
      const { result } = run(() => {
        throw new UpstreamFailed('overloaded', 'Too busy.', 503)
      })
      await expect(result).rejects.toMatchObject({ status: 503, message: 'Too busy.' })
    })

    test.each(times(calls - enough, (i) => enough + i))('it has an answer when it may ask %i times', async (most) => {
      const { upstream, replies, result } = run(script, { limits: { calls: most } })
      expectReal(await result, replies)
      expect(upstream.calls.length).toBeLessThanOrEqual(most)
    })

    test('it lets go of everything when the client leaves, whenever that is', async () => {
      for (const order of times(calls, Number)) {
        const client = new AbortController()
        const { upstream, result } = run((call) => (call.order >= order ? never : script(call)), {
          signal: client.signal,
        })
        await upstream.until(({ calls, live }) => live > 0 && calls.length > order)
        client.abort(new Error('Enough.'))
        await expect(result).rejects.toThrow('Enough.')
        expect(upstream.live).toBe(0)
      }
    })

    test('it is a model to another strategy, whose draws of it differ', async () => {
      const upstream = scripted(script)
      const result = await execute(twice()(way(upstream.model)), asked, context).result
      expect(result).toMatchObject({ index: 1 })
      expect(upstream.calls).toHaveLength(2 * calls)
      const draws = upstream.calls.map(({ prompt, scope }) => JSON.stringify([prompt.messages, scope.draws]))
      expect(new Set(draws).size).toBe(2 * calls)
    })
  })
}

/** A strategy of the tests' own around another, which it samples twice. */
const twice = strategy('twice', about, {}, async (run) => {
  const [, second] = await run.samples(2).all()
  return second!
})
