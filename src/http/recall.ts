import type { Model } from '#core'
import type { Answers, Place, Question } from './answers.ts'
import type { Caller } from './engine.ts'
import type { Flight } from './flights.ts'
import { again, type Kept, keeping, readKept, type Took } from './kept.ts'
import type { Piece, Speech } from './speech.ts'
import type { Wishes } from './wishes.ts'

/** What is remembered of a request that was asked before, or is being asked. */
export type Recall = {
  /**
   * `joined`: another request is being answered the same. `bypass`: nobody looked, because it is not wanted or what is
   * kept is out of reach. Undefined where nothing is kept.
   */
  readonly status: 'hit' | 'miss' | 'joined' | 'bypass' | undefined
  /** Says that other answer; undefined where there is none. */
  readonly again?: Model
  /** What it took; of one that is joined known when it is said. */
  readonly took?: () => Took
  /** Ends what is asked. */
  readonly signal: AbortSignal
  /** Keeps what is said, once it is said to its end, if it is an answer that may be given again. */
  keeping(speech: Speech): AsyncIterable<Piece>
}

/** Who waits for an answer. */
export type Waiting = {
  /** Aborted when they are gone. */
  readonly left: AbortSignal
  /** What keeps two apart who may be given each other's finished answers, but not wait for the same one. */
  readonly apart: readonly unknown[]
}

/**
 * Looks for the answer to a question that was asked before, or for somebody who asks it at the moment. What is kept may be
 * out of reach, which costs it and no more. Where there is none, asking must begin before anything else is waited for:
 * others may join it from now on.
 */
export async function recall(
  answers: Answers | undefined,
  wanted: boolean,
  caller: Caller,
  question: Question,
  wishes: Wishes,
  { left, apart }: Waiting,
): Promise<Recall> {
  if (!answers || !wanted) return { status: answers && 'bypass', signal: left, keeping }
  const place = answers.of(caller, question)
  const seconds = Math.min(answers.seconds, wishes.ttl ?? Infinity)
  let written: Promise<void> | undefined
  const write = (text: string) => {
    written = place.write(text, seconds)
  }
  const keepingIt = (speech: Speech) => (wishes.write ? keeping(speech, write, seconds * 1000) : keeping(speech))
  if (!wishes.read) return { status: 'miss', signal: left, keeping: keepingIt }
  const { flights } = answers
  const name = flights ? JSON.stringify([await place.key, apart]) : ''
  // Who is not there any more has written its answer before this one reads.
  const before = flights?.of(name)
  if (before) return joined(before)
  const { status, kept } = await lookAt(place, wishes.maxAge)
  if (kept) return { status, signal: left, again: again(kept), took: () => kept, keeping }
  const meanwhile = flights?.of(name)
  if (meanwhile) return joined(meanwhile)
  const flight = flights?.begin(name, left)
  if (!flight) return { status, signal: left, keeping: keepingIt }
  return { status, signal: flight.signal, keeping: (speech) => flight.lead(speech, keepingIt(speech), () => written) }

  function joined(flight: Flight): Recall {
    return { status: 'joined', signal: left, again: flight.again, took: () => flight.took, keeping }
  }
}

/** What is kept, if it is no older than `maxAge` seconds. */
async function lookAt(
  place: Place,
  maxAge = Infinity,
): Promise<{ readonly status: 'hit' | 'miss' | 'bypass'; readonly kept?: Kept }> {
  try {
    const kept = readKept(await place.read())
    const now = Date.now()
    return kept && now < kept.until && now - kept.at <= maxAge * 1000 ? { status: 'hit', kept } : { status: 'miss' }
  } catch {
    return { status: 'bypass' }
  }
}
