import { deepest } from './request.ts'

const [quote, plus, backslash, u, open, close, list, end] = [...'"+\\u{}[]'].map((char) => char.charCodeAt(0))
const fields = ['mull"', 'optillm_approach"', 'n"', 'best_of"'].map((field) =>
  [...field].map((char) => char.charCodeAt(0)),
)

/**
 * Whether a request's body may ask for more than a relay: it has a plus sign, a field that names a recipe or a number of
 * completions, an escape that may hide one of them, or it is no object at all or nested too deep, which is ours to say.
 * All else goes on as it came, unread: reading a body costs more than everything else that is done for it.
 */
export function recipeInSight(bytes: Uint8Array): boolean {
  if (bytes.at(firstVisible(bytes)) !== open || bytes.at(lastVisible(bytes)) !== close) return true
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === plus) return true
    if (byte === backslash && bytes[at + 1] === u) return true
    if (byte === quote && fields.some((field) => field.every((char, offset) => bytes[at + 1 + offset] === char)))
      return true
    if (byte === open || byte === list) {
      if (++depth > deepest) return true
    } else if (byte === close || byte === end) depth--
  }
  return false
}

const isVisible = (byte: number) => byte > 32
const firstVisible = (bytes: Uint8Array) => bytes.findIndex(isVisible)
const lastVisible = (bytes: Uint8Array) => bytes.findLastIndex(isVisible)
