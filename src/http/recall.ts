import type { Completion, Model, Usage, Votes } from '#core'
import type { Answers, Caller, Question } from './engine.ts'
import type { Piece, Speech } from './speech.ts'
import type { Wishes } from './wishes.ts'

/** An answer as it is kept. */
type Kept = {
  /** When it was given, and until when it is kept, in milliseconds since the epoch. */
  readonly at: number
  readonly until: number
  /** All that was thought, the story of the search included. */
  readonly thinking: string
  readonly completion: Completion
  readonly votes?: Votes | undefined
  /** What it took. */
  readonly calls: number
  readonly usage: Usage
}

/** What is remembered of a request that was asked before. */
export type Recall = {
  /** `bypass`: nobody looked, because it is not wanted or what is kept is out of reach. Undefined where nothing is kept. */
  readonly status: 'hit' | 'miss' | 'bypass' | undefined
  readonly kept?: Kept
  /** Keeps what is said, once it is said to its end, if it is an answer that may be given again. */
  keeping(speech: Speech): AsyncIterable<Piece>
}

/** Looks for the answer to a question that was asked before. What is kept may be out of reach, which costs it and no more. */
export async function recall(
  answers: Answers | undefined,
  wanted: boolean,
  caller: Caller,
  question: Question,
  wishes: Wishes,
): Promise<Recall> {
  if (!answers || !wanted) return { status: answers && 'bypass', keeping }
  const place = answers.of(caller, question)
  const seconds = Math.min(answers.seconds, wishes.ttl ?? Infinity)
  const keepingIt = (speech: Speech) => keeping(speech, (text) => place.write(text, seconds), seconds * 1000)
  const misses = { status: 'miss', keeping: wishes.write ? keepingIt : keeping } as const
  if (!wishes.read) return misses
  try {
    const kept = read(await place.read())
    const now = Date.now()
    const fresh = kept && now < kept.until && now - kept.at <= (wishes.maxAge ?? Infinity) * 1000
    return fresh ? { status: 'hit', kept, keeping } : misses
  } catch {
    return { ...misses, status: 'bypass' }
  }
}

/** A model that says what it has said before. */
export const again =
  ({ completion, thinking, votes }: Kept): Model =>
  async (_, { shared, span }) => {
    if (votes) shared.emit({ type: 'votes', span, votes, voters: [] })
    return { ...completion, thinking }
  }

async function* keeping(speech: Speech, keep?: (text: string) => void, ms = 0): AsyncGenerator<Piece> {
  let thinking = ''
  for await (const piece of speech.pieces) {
    if (piece.type === 'thinking') thinking += piece.text
    yield piece
  }
  if (!keep) return
  const completion = await speech.completion.catch(() => undefined)
  if (!completion || !isWhole(speech, completion)) return
  const { ledger, votes } = speech
  const { usage, calls } = ledger
  const at = Date.now()
  keep(JSON.stringify({ at, until: at + ms, thinking, completion, votes, calls, usage } satisfies Kept))
}

/**
 * Whether another try would be no better: nothing was cut off or filtered, nothing failed, no other model stood in, and no
 * budget or deadline ended it.
 */
const isWhole = ({ ledger, trace }: Speech, { others = [], ...best }: Completion): boolean =>
  [best, ...others].every(({ finish }) => finish === 'stop' || finish === 'tool_calls') &&
  !ledger.exhausted &&
  ledger.fellBack.size === 0 &&
  trace.count('sample').failed === 0

function read(text: string | undefined): Kept | undefined {
  const kept = text === undefined ? undefined : (JSON.parse(text) as Kept)
  return typeof kept?.completion?.text === 'string' ? kept : undefined
}
