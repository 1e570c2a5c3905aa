import { describe, expect, test } from 'vitest'
import { cancelled, execute, metered, type Run, strategy } from '#core'
import { about, context, gate, heard, never, question, scripted, times } from '../helpers/scripted.ts'

/** A strategy of this body alone. */
const only = (body: (run: Run) => Promise<{ text: string; finish: 'stop' }>) => strategy('only', about, {}, body)()
const done = { text: 'done', finish: 'stop' as const }
const failure = new Error('The strategy has a bug.')

describe('nothing outlives its scope:', () => {
  test('leaving a loop of samples by break', async () => {
    const upstream = scripted(({ draw }) => (draw === 3 ? 'first' : never))
    const leave = only(async (run) => {
      for await (const _ of run.samples(16)) break
      await upstream.until(({ live }) => live === 0)
      return done
    })
    expect((await execute(leave(upstream.model), question('?'), context).result).text).toBe('done')
    expect(upstream.calls).toHaveLength(16)
  })

  test('leaving a loop of samples by throw', async () => {
    const upstream = scripted(({ draw }) => (draw === 3 ? 'first' : never))
    const leave = only(async (run) => {
      for await (const _ of run.samples(16)) throw failure
      return done
    })
    await expect(execute(leave(upstream.model), question('?'), context).result).rejects.toBe(failure)
    expect(upstream.live).toBe(0)
  })

  test('the first failure of each that leaves the strategy', async () => {
    const upstream = scripted(() => never)
    const leave = only(async (run) => {
      await run.each(times(8, Number), async (item) => {
        if (item < 7) return run.sample(question(`${item}`))
        await upstream.until(({ live }) => live === 7)
        throw failure
      })
      return done
    })
    await expect(execute(leave(upstream.model), question('?'), context).result).rejects.toBe(failure)
    expect(upstream.calls).toHaveLength(7)
    expect(upstream.live).toBe(0)
  })

  test('work that throws before it has begun', async () => {
    const upstream = scripted(() => never)
    const leave = only(async (run) => {
      await run.each([0, 1], (item) => {
        if (item === 1) throw failure
        return run.sample().then(({ text }) => text)
      })
      return done
    })
    await expect(execute(leave(upstream.model), question('?'), context).result).rejects.toBe(failure)
    expect(upstream.live).toBe(0)
  })

  test('a strategy that answers without waiting for what it asked', async () => {
    const upstream = scripted(() => never)
    const forgetful = only(async (run) => {
      void run.sample()
      void run.score({ text: 'x', finish: 'stop' })
      void run.samples(3).all()
      void run.each([1], () => run.sample())
      await upstream.until(({ live }) => live === 6)
      return done
    })
    expect((await execute(forgetful(upstream.model), question('?'), context).result).text).toBe('done')
    expect(upstream.live).toBe(0)
  })

  test('a client that leaves', async () => {
    const upstream = scripted(() => never)
    const client = new AbortController()
    const all = only(async (run) => {
      await run.samples(16).all()
      return done
    })
    const nested = all((prompt, scope) => all(upstream.model)(prompt, scope))
    const { result } = execute(nested, question('?'), { ...context, signal: client.signal })
    await upstream.until(({ live }) => live === 256)
    const reason = cancelled('The client left.')
    client.abort(reason)
    await expect(result).rejects.toBe(reason)
    expect(upstream.live).toBe(0)
  })

  test('a client that left before anything was asked', async () => {
    const upstream = scripted(['x'])
    const { result } = execute(upstream.model, question('?'), { ...context, signal: AbortSignal.abort(failure) })
    await expect(result).rejects.toBe(failure)
    expect(upstream.calls).toHaveLength(0)
  })

  test('a reader that leaves the events', async () => {
    const upstream = scripted(({ speak }) => {
      speak('a')
      return never
    })
    const { events, result } = execute(upstream.model, question('?'), context)
    for await (const event of events) if (event.type === 'text-delta') break
    await expect(result).rejects.toThrow('The reader left.')
    expect(upstream.live).toBe(0)
  })

  test('the deadline', async () => {
    const upstream = scripted(() => never)
    const all = only(async (run) => {
      await run.samples(16).all()
      return done
    })
    const { result } = execute(all(upstream.model), question('?'), { ...context, limits: { ms: 20 } })
    await expect(result).rejects.toMatchObject({ code: 'budget_exhausted', status: 429, limit: 'ms' })
    expect(upstream.live).toBe(0)
  })
})

test('a call that ignores its cancellation keeps nobody waiting', async () => {
  const client = new AbortController()
  const asked = gate()
  const deaf = metered('deaf')(() => {
    asked.open()
    return never
  })
  const { result } = execute(deaf, question('?'), { ...context, signal: client.signal })
  await asked.promise
  client.abort(failure)
  await expect(result).rejects.toBe(failure)
})

test('the result waits until every upstream request has been booked', async () => {
  const booking = gate()
  const book = gate()
  const answering = only(async (run) => run.answer() as Promise<typeof done>)
  const slow = answering(async (_prompt, scope) => {
    const close = scope.shared.ledger.open()
    void book.promise.then(() => close({ input: 3, output: 4 }))
    booking.open()
    return done
  })
  const { result, ledger } = execute(slow, question('?'), context)
  await booking.promise
  let settled = false
  void result.then(() => {
    settled = true
  })
  for (const _ of times(50, Number)) await Promise.resolve()
  expect(settled).toBe(false)
  book.open()
  await result
  expect(ledger.usage).toEqual({ input: 3, output: 4 })
})

test('each call of a strategy has a span beneath it, and says how it ended', async () => {
  const upstream = scripted(({ draw }) => {
    if (draw === 0) throw failure
    return draw === 1 ? 'x' : never
  })
  const first = only(async (run) => {
    for await (const _ of run.samples(3)) break
    return done
  })
  const { events } = await heard(execute(first(upstream.model), question('?'), context))
  const starts = events.flatMap((event) => (event.type === 'span-start' ? [event] : []))
  const ends = new Map(events.flatMap((event) => (event.type === 'span-end' ? [[event.span, event.outcome]] : [])))
  expect(starts.map(({ kind, parent, span }) => [kind, parent, ends.get(span)])).toEqual([
    ['request', '', 'done'],
    ['strategy', '/request.0', 'done'],
    ['sample', '/request.0/only.0', 'failed'],
    ['sample', '/request.0/only.0', 'done'],
    ['sample', '/request.0/only.0', 'cancelled'],
  ])
})
