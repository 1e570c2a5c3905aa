import { BudgetExhausted, cancelled } from './errors.ts'
import type { Completion } from './model.ts'
import { Queue } from './queue.ts'
import type { Scope } from './scope.ts'

/** Completions in the order they arrive. Leave the loop and the ones still running are cancelled. */
export interface Samples extends AsyncIterable<Completion> {
  /** How many may still come; a failed one no longer may. */
  readonly outstanding: number
  /** All of them, by sample index. */
  all(): Promise<Completion[]>
}

type Draw = (scope: Scope, index: number) => Promise<Completion>
type Arrival = { index: number; completion: Completion } | { index: number; error: unknown }

/** `n` draws, at most `ahead` at once. */
export function drawSamples(parent: Scope, n: number, ahead: number, draw: Draw): Samples {
  const progress = { outstanding: n }
  const iterate = () => arrivals(parent, n, ahead, draw, progress)
  return {
    get outstanding() {
      return progress.outstanding
    },
    [Symbol.asyncIterator]: iterate,
    async all() {
      const all: Completion[] = []
      for await (const completion of iterate()) all.push(completion)
      return all.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
    },
  }
}

async function* arrivals(
  parent: Scope,
  n: number,
  ahead: number,
  draw: Draw,
  progress: { outstanding: number },
): AsyncGenerator<Completion> {
  const exit = new AbortController()
  const queue = new Queue<Arrival>()
  const failures: { index: number; error: unknown }[] = []
  let started = 0
  let running = 0
  let arrived = 0
  const fill = () => {
    for (; started < n && running < ahead; started++, running++) {
      const index = started
      draw(parent.aside({ signal: exit.signal, draw: index }), index).then(
        (completion) => queue.push({ index, completion }),
        (error: unknown) => queue.push({ index, error }),
      )
    }
    if (running === 0) queue.end()
  }
  try {
    fill()
    for await (const arrival of queue) {
      running--
      progress.outstanding--
      if ('completion' in arrival) {
        arrived++
        yield arrival.completion
      } else if (arrival.error instanceof BudgetExhausted) {
        started = n
        failures.push(arrival)
      } else {
        parent.signal.throwIfAborted()
        failures.push(arrival)
        parent.note(`Sample ${arrival.index + 1} failed and is left out: ${messageOf(arrival.error)}`)
      }
      fill()
    }
    if (arrived === 0) throw failures.sort((a, b) => a.index - b.index)[0]!.error
  } finally {
    exit.abort(cancelled('No longer needed.'))
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
