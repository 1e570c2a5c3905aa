import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Completion, execute, type Run, strategy, UpstreamFailed } from '#core'
import { selfConsistency } from '../../strategies/index.ts'
import { about, context, gate, heard, never, question, scripted, times } from '../helpers/scripted.ts'

const only = (body: (run: Run) => Promise<Completion>) => strategy('only', about, {}, body)()
const joined = (completions: readonly Completion[]): Completion => ({
  text: completions.map(({ text }) => text).join(','),
  finish: 'stop',
})
const all = (n: number, options?: Parameters<Run['samples']>[1]) =>
  only(async (run) => joined(await run.samples(n, options).all()))
const failing = (message: string, status = 503) => new UpstreamFailed('overloaded', message, status)

test('all samples come in the order of their draws, whatever the order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(times(6, Number), { minLength: 6 }), async (order) => {
      const gates = times(6, gate)
      const upstream = scripted(async ({ draw }) => {
        await gates[draw]!.promise
        return `${draw}`
      })
      const { result } = execute(all(6)(upstream.model), question('?'), context)
      for (const draw of order) gates[draw]!.open()
      expect((await result).text).toBe('0,1,2,3,4,5')
    }),
    { numRuns: 20 },
  )
})

test('a loop gets samples in the order of arrival', async () => {
  const gates = times(3, gate)
  const upstream = scripted(async ({ draw }) => {
    await gates[draw]!.promise
    return `${draw}`
  })
  const arrived = only(async (run) => {
    const seen: Completion[] = []
    for await (const sample of run.samples(3)) seen.push(sample)
    return joined(seen)
  })
  const { result } = execute(arrived(upstream.model), question('?'), context)
  for (const draw of [2, 0, 1]) gates[draw]!.open()
  expect((await result).text).toBe('2,0,1')
})

test('never more than `ahead` are in flight, and the next is asked for when one is taken', async () => {
  const upstream = scripted(({ draw }) => `${draw}`)
  const seen: number[] = []
  const slow = only(async (run) => {
    for await (const _ of run.samples(10, { ahead: 3 })) seen.push(upstream.calls.length)
    return joined([])
  })
  await execute(slow(upstream.model), question('?'), context).result
  expect(upstream.peak).toBe(3)
  expect(seen).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 10, 10])
})

test('outstanding counts what may still come', async () => {
  const upstream = scripted(({ draw }) => {
    if (draw === 1) throw failing('no')
    return `${draw}`
  })
  const seen: number[] = []
  const counting = only(async (run) => {
    const samples = run.samples(4)
    for await (const _ of samples) seen.push(samples.outstanding)
    return joined([])
  })
  await execute(counting(upstream.model), question('?'), context).result
  expect(seen).toEqual([3, 1, 0])
})

test('outstanding does not count what can no longer be paid for', async () => {
  const seen: number[] = []
  const counting = only(async (run) => {
    const samples = run.samples(10, { ahead: 2 })
    for await (const _ of samples) seen.push(samples.outstanding)
    seen.push(samples.outstanding)
    return joined([])
  })
  await execute(counting(scripted(['x']).model), question('?'), { ...context, limits: { calls: 3 } }).result
  expect(seen.at(-1)).toBe(0)
})

test('no samples at all are an empty list', async () => {
  const { result } = execute(all(0)(scripted(['x']).model), question('?'), context)
  expect(await result).toEqual({ text: '', finish: 'stop' })
})

describe('a draw that fails', () => {
  test('of sixteen changes nothing, and is noted', async () => {
    const upstream = scripted(({ draw }) => {
      if (draw === 4) throw failing('Overloaded.')
      return draw < 10 ? '42' : '41'
    })
    const { completion, notes } = await heard(execute(selfConsistency()(upstream.model), question('?'), context))
    expect(completion).toMatchObject({ text: '42', index: 0, finish: 'stop' })
    expect(notes).toContain('Sample 5 failed and is left out: Overloaded.')
  })

  test('like all sixteen fails the request with the error of the lowest index', async () => {
    const gates = times(16, gate)
    const upstream = scripted(async ({ draw }) => {
      await gates[draw]!.promise
      throw failing(`Overloaded ${draw}.`, 500 + draw)
    })
    const { result } = execute(selfConsistency()(upstream.model), question('?'), context)
    for (const { open } of gates.toReversed()) open()
    await expect(result).rejects.toMatchObject({ status: 500, message: 'Overloaded 0.', code: 'overloaded' })
  })

  test('after the vote is decided does nothing', async () => {
    const fail = gate()
    const upstream = scripted(async ({ draw }) => {
      if (draw < 3) return '42'
      await fail.promise
      throw failing('Too late.')
    })
    const execution = execute(selfConsistency({ n: 5 })(upstream.model), question('?'), context)
    const { completion, notes } = await heard(execution)
    fail.open()
    expect(completion.text).toBe('42')
    expect(notes.join()).not.toContain('Too late')
  })
})

describe('each leaf draw has a place of its own', () => {
  const places = (upstream: ReturnType<typeof scripted>) => upstream.calls.map(({ scope }) => scope.draws.join('.'))
  const distinct = (places: readonly string[]) => expect(new Set(places).size).toBe(places.length)

  test('in strategies within strategies', async () => {
    const upstream = scripted(['x'])
    await execute(all(3)(all(3)(all(3)(upstream.model))), question('?'), context).result
    expect(places(upstream)).toHaveLength(27)
    distinct(places(upstream))
    expect(places(upstream)).toContain('0.0.0')
  })

  test('when one question is asked again, one by one or many at once', async () => {
    const upstream = scripted(['x'])
    const waves = only(async (run) => {
      const indices = [
        ...(await run.samples(2).all()),
        await run.sample(),
        ...(await run.samples(2).all()),
        ...(await run.each([1, 2], () => run.sample())),
      ].map(({ index }) => index)
      return { text: indices.join(), finish: 'stop' }
    })
    const { text } = await execute(waves(upstream.model), question('?'), context).result
    expect(text).toBe('0,1,2,3,4,5,6')
    distinct(places(upstream))
  })

  test('counted anew for another question', async () => {
    const upstream = scripted(['x'])
    const two = only(async (run) => {
      await run.sample(question('a'))
      return run.sample(question('b'))
    })
    await execute(two(upstream.model), question('?'), context).result
    expect(places(upstream)).toEqual(['0', '0'])
  })
})

describe('temperature 0', () => {
  const asked = async (n: number, temperature?: number) => {
    const upstream = scripted(['x'])
    const prompt = question('?', temperature === undefined ? {} : { temperature })
    const { notes } = await heard(execute(all(n)(upstream.model), prompt, context))
    return { temperatures: upstream.calls.map(({ prompt }) => prompt.temperature), notes }
  }

  test('is raised to 0.7 for several samples, and that is noted', async () => {
    const { temperatures, notes } = await asked(2, 0)
    expect(temperatures).toEqual([0.7, 0.7])
    expect(notes).toEqual(['Temperature 0 would give the same sample each time, so the samples are drawn at 0.7.'])
  })

  test('stays for a single one', async () => expect(await asked(1, 0)).toEqual({ temperatures: [0], notes: [] }))

  test('is the only one that is raised', async () => {
    expect((await asked(2, 0.1)).temperatures).toEqual([0.1, 0.1])
    expect((await asked(2)).temperatures).toEqual([undefined, undefined])
  })

  test('is noted once, however often a strategy samples', async () => {
    const twice = only(async (run) => {
      await run.samples(2).all()
      return joined(await run.samples(2).all())
    })
    const { notes } = await heard(execute(twice(scripted(['x']).model), question('?', { temperature: 0 }), context))
    expect(notes).toHaveLength(1)
  })
})

describe('draws within draws', () => {
  test('are all asked at once where the budget allows them', async () => {
    const upstream = scripted(() => never)
    const client = new AbortController()
    const options = { ...context, limits: { calls: 256 }, signal: client.signal }
    const { result } = execute(all(16)(all(16)(upstream.model)), question('?'), options)
    await upstream.until(({ live }) => live === 256)
    client.abort(new Error('Enough.'))
    await expect(result).rejects.toThrow('Enough.')
  })

  test('never start more than can be paid for, however deep they are', async () => {
    const upstream = scripted(['x'])
    const deep = [1, 2, 3, 4].reduce((model) => all(256)(model), upstream.model)
    const { events } = await heard(execute(deep, question('?'), { ...context, limits: { calls: 256 } }))
    expect(upstream.calls).toHaveLength(256)
    expect(events.filter(({ type }) => type === 'span-start').length).toBeLessThan(256 * 12)
  })
})

test('several models take turns, and one that fails costs its own draws', async () => {
  const upstream = scripted([])
  const models = (name: string) => scripted(() => (name === 'b' ? Promise.reject(failing('Gone.')) : name)).model
  const { result } = execute(all(5, { model: ['a', 'b', 'c'] })(upstream.model), question('?'), { ...context, models })
  expect((await result).text).toBe('a,c,a')
  expect(upstream.calls).toEqual([])
})

describe('what is optional', () => {
  const optional = only(async (run) => {
    const reply = await run.optional(run.sample())
    return joined(reply ? [reply] : [])
  })

  test('is there where it could be had', async () => {
    expect((await execute(optional(scripted(['a']).model), question('?'), context).result).text).toBe('a')
  })

  test('is done without where it failed, and the story says so', async () => {
    const upstream = scripted(() => Promise.reject(failing('Gone.')))
    const { completion, notes } = await heard(execute(optional(upstream.model), question('?'), context))
    expect(completion.text).toBe('')
    expect(notes).toEqual(['A call failed and is done without: Gone.'])
  })

  test('ends with the budget and with the client', async () => {
    const upstream = scripted(() => never)
    const broke = execute(optional(upstream.model), question('?'), { ...context, limits: { calls: 0 } })
    await expect(broke.result).rejects.toThrow('budget')
    const client = new AbortController()
    const { result } = execute(optional(upstream.model), question('?'), { ...context, signal: client.signal })
    await upstream.until(({ live }) => live === 1)
    client.abort(new Error('Enough.'))
    await expect(result).rejects.toThrow('Enough.')
  })
})

describe('work on each sample', () => {
  test('is done as soon as it is there, and before it is handed on', async () => {
    const gates = times(2, gate)
    const upstream = scripted(async ({ draw }) => {
      if (draw === 0) await gates[0]!.promise
      return `${draw}`
    })
    const seen: string[] = []
    const working = only(async (run) => {
      const each = async ({ text, index }: Completion) => {
        seen.push(`works on ${text}, sample ${index}`)
      }
      for await (const { text } of run.samples(2, { each })) {
        seen.push(`has ${text}`)
        gates[0]!.open()
      }
      return joined([])
    })
    await execute(working(upstream.model), question('?'), context).result
    expect(seen).toEqual(['works on 1, sample 1', 'has 1', 'works on 0, sample 0', 'has 0'])
  })

  test('that fails costs its own sample', async () => {
    const each = async ({ text }: Completion) => {
      if (text === '1') throw failing('Gone.')
    }
    const upstream = scripted(({ draw }) => `${draw}`)
    const { completion, notes } = await heard(execute(all(3, { each })(upstream.model), question('?'), context))
    expect(completion.text).toBe('0,2')
    expect(notes).toEqual(['Sample 2 failed and is left out: Gone.'])
  })
})
