import type { Token } from '../maths/tokens.ts'

const opening: ReadonlySet<string> = new Set(['(', '[', '{', '⦃', '⟨', '\\begin'])
const closing: ReadonlySet<string> = new Set([')', ']', '}', '⦄', '⟩', '\\end'])

/** The stretches between tokens that stand outside all brackets and are such; one stretch if there is none. */
export function splitAt(tokens: readonly Token[], such: (token: Token) => boolean): readonly (readonly Token[])[] {
  const between = outside(tokens, such).map((token) => tokens.indexOf(token))
  return [...between, tokens.length].map((end, at) => tokens.slice(at && between[at - 1]! + 1, end))
}

/** What stands outside all brackets. */
export function outside(tokens: readonly Token[], such: (token: Token) => boolean): readonly Token[] {
  if (!tokens.some(such)) return []
  let depth = 0
  return tokens.filter((token) => {
    if (closing.has(token.text)) depth--
    const found = depth === 0 && such(token)
    if (opening.has(token.text)) depth++
    return found
  })
}

/** The brackets around the whole, and what is in them; intervals may open with one kind and close with another. */
export function enclosed(
  tokens: readonly Token[],
): { open: string; close: string; inner: readonly Token[] } | undefined {
  const [first, last] = [tokens[0]?.text ?? '', tokens.at(-1)?.text ?? '']
  if (tokens.length < 2 || first === '\\begin' || !opening.has(first) || !closing.has(last)) return undefined
  const inner = tokens.slice(1, -1)
  let depth = 0
  for (const { text } of inner) {
    if (opening.has(text)) depth++
    if (closing.has(text) && --depth < 0) return undefined
  }
  return depth === 0 ? { open: first, close: last, inner } : undefined
}

/** As it was written, without spaces. */
export const written = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join('')

/** As it was written, spaces and all. */
export const spelled = (tokens: readonly Token[]): string =>
  tokens.map(({ text, spaced }) => (spaced ? ` ${text}` : text)).join('')
