/**
 * Splits text into the simulation's tokens: one for each word, number, punctuation mark or think tag, with the white
 * space before it. Joined, they are the text again.
 */
export const tokens = (text: string): string[] => text.match(/\s*(?:<\/?think>|[\p{L}\p{N}]+|\S)|\s+$/gu) ?? []

/** Generated tokens, cut as the request asks. */
export type Generated = { pieces: string[]; finish_reason: 'stop' | 'length' }

/** Cuts a reply before the first stop sequence, then after `limit` tokens. */
export const cut = (text: string, stops: readonly string[], limit: number): Generated => {
  const kept = stops.reduce((rest, stop) => rest.split(stop)[0]!, text)
  const pieces = tokens(kept)
  return { pieces: pieces.slice(0, limit), finish_reason: pieces.length > limit ? 'length' : 'stop' }
}
