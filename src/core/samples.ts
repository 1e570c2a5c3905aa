import { endedBy } from './ended-by.ts'
import { BudgetExhausted, cancelled, messageOf } from './errors.ts'
import type { Completion } from './model.ts'
import { observed } from './observed.ts'
import { Queue } from './queue.ts'
import type { Piece, Scope, TokenLogprob } from './scope.ts'

/** Completions in the order they arrive. Leave the loop and the ones still running are cancelled. */
export interface Samples extends AsyncIterable<Completion> {
  /** How many may still come; a failed one no longer may. */
  readonly outstanding: number
  /** All of them, by sample index. */
  all(): Promise<Completion[]>
}

/** A sample while it comes: what is there so far, and the log-probabilities that came with the last piece. */
export type Partial = {
  readonly index: number
  readonly thinking: string
  readonly text: string
  readonly logprobs: readonly TokenLogprob[]
}

/** Looks at a sample whenever more of it came; `true` ends it. */
export type Cut = (sample: Partial) => boolean

/** Which draws of a question, how many of them at once, and which are ended early. */
export type Lot = {
  readonly first: number
  readonly n: number
  readonly ahead: number
  readonly cut?: Cut | undefined
}

type Draw = (scope: Scope, index: number) => Promise<Completion>
type Arrival = { index: number; completion: Completion } | { index: number; error: unknown }

export function drawSamples(parent: Scope, lot: Lot, draw: Draw): Samples {
  const progress = { outstanding: lot.n }
  const iterate = () => arrivals(parent, lot, draw, progress)
  const all = async () => {
    const completions: Completion[] = []
    for await (const completion of iterate()) completions.push(completion)
    return completions.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
  }
  return {
    get outstanding() {
      return progress.outstanding
    },
    [Symbol.asyncIterator]: iterate,
    all: () => observed(all()),
  }
}

/**
 * Every draw costs at least one call, so no more than can be paid for are under way at once, and the draws within a draw
 * share what is left of that: strategies nested in strategies would otherwise start the product of their numbers.
 */
async function* arrivals(
  parent: Scope,
  { first, n, ahead, cut }: Lot,
  draw: Draw,
  progress: { outstanding: number },
): AsyncGenerator<Completion> {
  const exit = new AbortController()
  const queue = new Queue<Arrival>()
  const failures: { index: number; error: unknown }[] = []
  const most = Math.max(1, Math.min(n, ahead, parent.room))
  const room = Math.max(1, Math.floor(parent.room / most))
  let wanted = n
  let started = 0
  let running = 0
  let arrived = 0
  const within = parent.aside({ exit: exit.signal })
  const letGo = endedBy(parent.signal, exit)
  const fill = () => {
    for (; started < wanted && running < most; started++, running++) {
      const index = first + started
      draw(within.aside({ ...(cut ? watch(index, cut) : {}), draw: index, room }), index).then(
        (completion) => queue.push({ index, completion }),
        (error: unknown) => queue.push({ index, error }),
      )
    }
    if (running === 0) queue.end()
  }
  const giveUp = ({ ended }: BudgetExhausted) => {
    if (wanted === 0) return
    progress.outstanding -= wanted - started
    wanted = 0
    parent.note(`${ended}, so no more samples are drawn.`)
  }
  try {
    progress.outstanding = n
    fill()
    for await (const arrival of queue) {
      running--
      progress.outstanding--
      if ('completion' in arrival) {
        arrived++
        yield arrival.completion
      } else if (arrival.error === unwanted) parent.note(`Sample ${arrival.index + 1} was cut off.`)
      else {
        failures.push(arrival)
        if (arrival.error instanceof BudgetExhausted) giveUp(arrival.error)
        else {
          parent.signal.throwIfAborted()
          parent.note(`Sample ${arrival.index + 1} failed and is left out: ${messageOf(arrival.error)}`)
        }
      }
      fill()
    }
    if (arrived === 0 && failures.length > 0) throw failures.sort((a, b) => a.index - b.index)[0]!.error
  } finally {
    letGo()
    exit.abort(cancelled('No longer needed.'))
  }
}

const unwanted = cancelled('This sample is wanted no more.')

/** Hears a sample as it comes, and ends it alone when `cut` says so. */
function watch(index: number, cut: Cut) {
  const one = new AbortController()
  let [thinking, text] = ['', '']
  return {
    signal: one.signal,
    heard(piece: Piece) {
      if (one.signal.aborted) return
      thinking += piece.thinking ?? ''
      text += piece.text ?? ''
      if (cut({ index, thinking, text, logprobs: piece.logprobs ?? [] })) one.abort(unwanted)
    },
  }
}
