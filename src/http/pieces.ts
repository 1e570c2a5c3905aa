import type { ThinkForm } from './engine.ts'
import type { Piece } from './speech.ts'

const opening = '<think>\n'
const closing = '\n</think>\n\n'

/** An answer with its thinking before it, between tags. */
export const tagged = (thinking: string, text: string): string =>
  thinking === '' ? text : opening + thinking + closing + text

/**
 * The pieces in the form that the client reads thinking in: not at all, as text between tags, or, where it stands in a
 * block of its own, all before the answer: what is thought once that has begun has no place any more.
 */
export async function* inForm(
  pieces: AsyncIterable<Piece>,
  form: ThinkForm,
  blocks: boolean,
): AsyncGenerator<Piece, void> {
  let state: 'before' | 'thinking' | 'answering' = 'before'
  for await (const piece of pieces) {
    const { type, text } = piece
    if (type === 'text') {
      yield form === 'tags' && state === 'thinking' ? { type, text: closing + text } : piece
      state = 'answering'
    } else if (form !== 'none' && !(state === 'answering' && (blocks || form === 'tags'))) {
      yield form === 'tags' ? { type: 'text', text: state === 'before' ? opening + text : text } : piece
      state = 'thinking'
    }
  }
}
