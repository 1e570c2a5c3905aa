import type { Allowances, Level, Take, Taken } from '../state/allowance.ts'

/** What a process that is gone held comes back after this; one that lives says so three times in it. */
const holdMs = 60_000

/** What is held for one request, from its beginning until it is known what it came to. */
export function reserved(allowances: Allowances, owner: string) {
  const id = crypto.randomUUID()
  const booked = Promise.withResolvers<void>()
  let renewing: ReturnType<typeof setInterval> | undefined
  let isSettled = false
  return {
    /** Resolves once what was spent is booked. */
    settled: booked.promise,
    async take(takes: readonly Take[]): Promise<Taken> {
      const taken = await allowances.take(owner, takes, { id, ms: holdMs })
      if (taken.granted && takes.some(({ held, amount }) => held && amount > 0)) {
        renewing = setInterval(() => allowances.renew(owner, { id, ms: holdMs }), holdMs / 3)
        // It keeps no process alive.
        if (typeof renewing === 'object') renewing.unref()
      }
      return taken
    },
    settle(spent: Readonly<Record<string, number>>, levels: readonly Level[]): void {
      if (isSettled) return
      isSettled = true
      clearInterval(renewing)
      const parts = levels
        .filter(({ name }) => spent[name] !== undefined)
        .map(({ name, start }) => ({ name, start, amount: spent[name]! }))
      booked.resolve(parts.length === 0 ? undefined : allowances.settle(owner, id, parts))
    },
  }
}
