import type { Completion, Model, Usage, Votes } from '#core'
import type { Piece, Speech } from './speech.ts'

/** What an answer took that is given again, and when it was given, in milliseconds since the epoch. */
export type Took = { readonly at: number; readonly calls: number; readonly usage: Usage }

/** An answer as it is kept. */
export type Kept = Took & {
  /** Until when it is kept, in milliseconds since the epoch. */
  readonly until: number
  /** All that was thought, the story of the search included. */
  readonly thinking: string
  readonly completion: Completion
  readonly votes?: Votes | undefined
}

/** A model that says what it has said before. */
export const again =
  ({ completion, thinking, votes }: Kept): Model =>
  async (_, { shared, span }) => {
    if (votes) shared.emit({ type: 'votes', span, votes, voters: [] })
    return { ...completion, thinking }
  }

/** Keeps for `ms` what is said, once it is said to its end, if it is an answer that may be given again. */
export async function* keeping(speech: Speech, keep?: (text: string) => void, ms = 0): AsyncGenerator<Piece> {
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

/** What was kept, if it is; undefined for what is nothing of ours. Throws for what is no JSON. */
export function readKept(text: string | undefined): Kept | undefined {
  const kept = text === undefined ? undefined : (JSON.parse(text) as Kept)
  return typeof kept?.completion?.text === 'string' ? kept : undefined
}
