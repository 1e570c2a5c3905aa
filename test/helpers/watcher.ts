import type { Watcher } from '../../src/http/watching/watch.ts'

/** What a watcher was told of one request, in order. */
export type Seen = readonly (readonly [what: string, ...told: unknown[]])[]

/** A watcher that writes down what it is told of each request, and hands it over when the request has ended. */
export const recorder =
  (hand: (seen: Seen) => void | Promise<void>): Watcher =>
  ({ headers: _, ...beginning }) => {
    const seen: [string, ...unknown[]][] = [['begun', beginning]]
    return {
      identified: (name) => void seen.push(['identified', name]),
      planned: (plan) => void seen.push(['planned', plan]),
      heard: (event) => void seen.push(['heard', event]),
      ended(ending) {
        seen.push(['ended', ending])
        return hand(seen)
      },
    }
  }
