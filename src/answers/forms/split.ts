import { turn } from '../maths/brackets.ts'
import type { Token } from '../maths/tokens.ts'

/** What a token is looked for by: one of some signs, or anything that can be said of it. */
type Such = string | ((token: Token) => boolean)

/** The stretches between tokens that stand outside all brackets and are such; one stretch if there is none. */
export function splitAt(tokens: readonly Token[], such: Such): readonly (readonly Token[])[] {
  const between = outside(tokens, such).map((token) => tokens.indexOf(token))
  return [...between, tokens.length].map((end, at) => tokens.slice(at && between[at - 1]! + 1, end))
}

/** What stands outside all brackets. */
export function outside(tokens: readonly Token[], such: Such): readonly Token[] {
  const found = tokens.filter(typeof such === 'string' ? ({ text }) => such.includes(text) : such)
  if (found.length === 0) return found
  const inside = depths(tokens)
  return found.filter((token) => inside[tokens.indexOf(token)] === Math.max(0, turn(token.text)))
}

/** The brackets around the whole, and what is in them; intervals may open with one kind and close with another. */
export function enclosed(
  tokens: readonly Token[],
): { open: string; close: string; inner: readonly Token[] } | undefined {
  const [open, close] = [tokens[0]?.text ?? '', tokens.at(-1)?.text ?? '']
  if (open === '\\begin' || turn(open) < 1 || turn(close) >= 0) return undefined
  const inner = tokens.slice(1, -1)
  const inside = depths(inner)
  return Math.min(0, ...inside) === 0 && !inside.at(-1) ? { open, close, inner } : undefined
}

/** In how many brackets one stands behind each token. */
function depths(tokens: readonly Token[]): readonly number[] {
  let depth = 0
  return tokens.map(({ text }) => {
    depth += turn(text)
    return depth
  })
}

/** As it was written, without spaces. */
export const written = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join('')

/** As it was written, spaces and all. */
export const spelled = (tokens: readonly Token[]): string =>
  tokens.map(({ text, spaced }) => (spaced ? ` ${text}` : text)).join('')
