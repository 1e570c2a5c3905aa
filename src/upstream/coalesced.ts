import { type Completion, type Model, MullError, type Prompt, type Scope, type Shared } from '#core'
import type { Learned } from './capabilities.ts'
import { keyOf } from './key.ts'
import type { Share } from './transport.ts'

/** One who waits for a completion. Once settled it stays so. */
export type Seat = {
  readonly scope: Scope
  readonly resolve: (completion: Completion) => void
  readonly reject: (error: unknown) => void
}

/**
 * Asks the upstream once, at one of its addresses, for as many completions as there are seats. Resolves to how many choices came and to the seats
 * that still wait because none came for them; rejects when the request failed before there was any.
 */
export type Ask = (
  prompt: Prompt,
  seats: readonly Seat[],
  at?: string,
) => Promise<{ came: number; unserved: readonly Seat[] }>

/**
 * Equal prompts asked in the same tick of one request become one upstream request with `n`, to each of several servers. The upstream may ignore,
 * cap or refuse `n`: what came back is counted, the rest is asked for in further calls, and the upstream's limit is
 * remembered.
 */
export function coalesced(ask: Ask, learned: Learned, sharesOf = together): Model {
  const waiting = new WeakMap<Shared, Map<string, { prompt: Prompt; seats: Seat[] }>>()

  return (prompt, scope) =>
    new Promise<Completion>((resolve, reject) => {
      const groups = waiting.get(scope.shared) ?? open(scope.shared)
      const key = keyOf(prompt)
      const group = groups.get(key) ?? { prompt, seats: [] }
      group.seats.push({ scope, resolve, reject })
      groups.set(key, group)
    })

  function open(shared: Shared) {
    const groups = new Map<string, { prompt: Prompt; seats: Seat[] }>()
    waiting.set(shared, groups)
    setTimeout(() => {
      waiting.delete(shared)
      for (const { prompt, seats } of groups.values()) serve(prompt, seats)
    }, 0)
    return groups
  }

  function serve(prompt: Prompt, seats: readonly Seat[]): void {
    const wanted = seats.filter(({ scope }) => !scope.signal.aborted)
    for (const { scope, reject } of seats) if (scope.signal.aborted) reject(scope.signal.reason)
    // A choice that is cut off costs no less while the others of its request go on.
    const most = wanted.some(({ scope }) => scope.watched) ? 1 : learned.most
    let next = 0
    for (const { count, at } of most === 1 ? together(wanted.length) : sharesOf(wanted.length)) {
      const end = next + count
      for (; next < end; next += most) askFor(prompt, wanted.slice(next, Math.min(end, next + most)), at)
      next = end
    }
  }

  async function askFor(prompt: Prompt, seats: readonly Seat[], at: string | undefined): Promise<void> {
    try {
      const { came, unserved } = await ask(prompt, seats, at)
      if (unserved.length === 0) return
      learned.most = Math.min(learned.most, Math.max(1, came))
      serve(prompt, unserved)
    } catch (error) {
      if (seats.length > 1 && mayMeanRefusedN(error)) askOneByOne(prompt, seats)
      else for (const seat of seats) seat.reject(error)
    }
  }

  /** What `n` was refused for may be wrong with each single call too, so it is blamed only when one of those succeeds. */
  function askOneByOne(prompt: Prompt, seats: readonly Seat[]): void {
    for (const seat of seats)
      ask(prompt, [seat]).then(
        () => {
          learned.most = 1
        },
        (error: unknown) => seat.reject(error),
      )
  }
}

const together = (count: number): readonly Share[] => [{ count }]

/** Servers refuse `n` with a plain 400 or 422, and some with a 500 that names it. */
export function mayMeanRefusedN(error: unknown): boolean {
  if (!(error instanceof MullError) || (error.param !== null && error.param !== 'n')) return false
  if ([400, 422, 501].includes(error.status)) return true
  return error.status === 500 && /\bn\b|choices?\b|completions? (?:is|are) allowed/i.test(error.message)
}
