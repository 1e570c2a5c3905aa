import { describe, expect, test } from 'vitest'
import {
  type Completion,
  type Cut,
  execute,
  type Model,
  type Partial,
  type Run,
  strategy,
  type TokenLogprob,
  UpstreamFailed,
} from '#core'
import { about, context, gate, heard, never, question, scripted } from '../helpers/scripted.ts'

const only = (body: (run: Run) => Promise<Completion>) => strategy('only', about, {}, body)()
const joined = (completions: readonly Completion[]): Completion => ({
  text: completions.map(({ text }) => text).join(','),
  finish: 'stop',
})
const cutting = (n: number, cut: Cut, ahead = n) =>
  only(async (run) => joined(await run.samples(n, { cut, ahead }).all()))

const token = (logprob: number): TokenLogprob => ({ token: 'x', logprob })

describe('a cut', () => {
  test('ends one sample alone, which is left out and said so; the others are not touched', async () => {
    const others = gate()
    const upstream = scripted(async ({ draw, speak }) => {
      speak(draw === 1 ? 'Wait' : 'Fine')
      if (draw === 1) return never
      await others.promise
      return `Fine ${draw}`
    })
    const cut: Cut = ({ text }) => {
      if (text !== 'Wait') return false
      others.open()
      return true
    }
    const { completion, notes, events } = await heard(execute(cutting(3, cut)(upstream.model), question('?'), context))
    expect(completion.text).toBe('Fine 0,Fine 2')
    expect(notes).toEqual(['Sample 2 was cut off.'])
    expect(events.flatMap((event) => (event.type === 'span-end' ? [event.outcome] : [])).toSorted()).toEqual([
      'cancelled',
      'done',
      'done',
      'done',
      'done',
    ])
    expect(upstream.live).toBe(0)
  })

  test('sees what there is so far, of each sample by itself, and the likelihoods with the piece that they came with', async () => {
    const seen: Partial[] = []
    const saying: Model = async (_prompt, scope) => {
      const name = scope.draws.at(-1) === 0 ? 'a' : 'b'
      scope.thinking(`${name}?`)
      scope.logprobs([token(-1), token(-2)])
      scope.text(name)
      scope.text('!')
      return { text: `${name}!`, thinking: `${name}?`, finish: 'stop' }
    }
    const cut: Cut = (sample) => {
      seen.push(sample)
      return false
    }
    const { result } = execute(cutting(2, cut)(saying), question('?'), context)
    expect((await result).text).toBe('a!,b!')
    const of = (index: number) => seen.filter((sample) => sample.index === index)
    expect(of(0)).toEqual([
      { index: 0, thinking: 'a?', text: '', logprobs: [] },
      { index: 0, thinking: 'a?', text: '', logprobs: [token(-1), token(-2)] },
      { index: 0, thinking: 'a?', text: 'a', logprobs: [] },
      { index: 0, thinking: 'a?', text: 'a!', logprobs: [] },
    ])
    expect(of(1).at(-1)).toEqual({ index: 1, thinking: 'b?', text: 'b!', logprobs: [] })
  })

  test('is not asked again about a sample that it has ended', async () => {
    let asked = 0
    const deaf: Model = async (_prompt, scope) => {
      scope.text('a')
      scope.text('b')
      scope.signal.throwIfAborted()
      return { text: 'ab', finish: 'stop' }
    }
    const cut: Cut = () => ++asked > 0
    expect((await execute(cutting(1, cut)(deaf), question('?'), context).result).text).toBe('')
    expect(asked).toBe(1)
  })

  test('makes room for the next draw', async () => {
    const upstream = scripted(({ draw, speak }) => {
      if (draw > 2) return `${draw}`
      speak('no')
      return never
    })
    const { completion } = await heard(
      execute(cutting(5, ({ text }) => text === 'no', 1)(upstream.model), question('?'), context),
    )
    expect(completion.text).toBe('3,4')
    expect(upstream.peak).toBe(1)
  })

  test('is no failure: of every sample it leaves none, and beside failures it is not what is thrown', async () => {
    const silent = scripted(({ speak }) => {
      speak('no')
      return never
    })
    const { result } = execute(cutting(2, () => true)(silent.model), question('?'), context)
    expect(await result).toEqual({ text: '', finish: 'stop' })
    const failing = scripted(({ draw, speak }) => {
      if (draw === 1) throw new UpstreamFailed('gone', 'Gone.', 503)
      speak('no')
      return never
    })
    const mixed = execute(cutting(2, () => true)(failing.model), question('?'), context)
    await expect(mixed.result).rejects.toThrow('Gone.')
  })

  test('hears a sample that goes through a strategy by its answer alone', async () => {
    const upstream = scripted(({ prompt, speak }) => {
      const asked = String(prompt.messages.at(-1)?.content)
      speak(asked)
      return asked
    })
    const heardOf: string[] = []
    const twice = strategy('twice', about, {}, async (run) => {
      await run.sample(question('draft'))
      return run.answer(question('answer'))
    })
    const through = only(async (run) => {
      const cut: Cut = ({ text }) => heardOf.push(text) < 0
      return joined(await run.samples(1, { cut, through: () => twice() }).all())
    })
    expect((await execute(through(upstream.model), question('?'), context).result).text).toBe('answer')
    expect(heardOf).toEqual(['answer'])
  })
})
