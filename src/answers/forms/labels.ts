import { turn } from '../maths/brackets.ts'
import type { Token } from '../maths/tokens.ts'
import { calledNames, decorations, ofAngles } from '../maths/words.ts'
import { written } from './split.ts'

/**
 * The name of what stands left of an equals sign: x, x_1, f(x), |AB|, angle ABC, S_1:S, a word. Undefined for anything
 * that is computed, such as a sum or a product.
 */
export function labelOf(tokens: readonly Token[]): string | undefined {
  let [names, at] = [0, 0]
  let lower = false
  while (at < tokens.length) {
    const token = tokens[at]!
    if (token.kind === 'name' || token.kind === 'word' || token.kind === 'text') {
      names++
      lower ||= /^(?:[a-zα-ω]|[a-z]{2,3})$/.test(token.text)
    } else if (ofAngles.has(token.text)) {
      // sin A is a number like any other
    } else if (token.text === '_') at = groupEnd(tokens, at + 1)
    else if (token.text === '(' && at > 0) {
      const end = groupEnd(tokens, at)
      if (!isCall(tokens[at - 1]!, tokens.slice(at + 1, end))) return undefined
      at = end
    } else if (token.text === '^') {
      const end = groupEnd(tokens, at + 1)
      if (!/^\{?-1\}?$|^\*$/.test(written(tokens.slice(at + 1, end + 1)))) return undefined
      at = end
    } else if (
      token.kind === 'command'
        ? !decorations.has(token.text) && !/^\\(?:angle|triangle)$/.test(token.text)
        : !"'|:{}°".includes(token.text)
    )
      return undefined
    at++
  }
  if (names === 0 || (lower && names > 1)) return undefined
  return written(tokens).replaceAll(/[{}‹›\s]/g, '')
}

/** The index of the last token of the group, or the single token, that starts at `at`. */
function groupEnd(tokens: readonly Token[], at: number): number {
  if (!'({'.includes(tokens[at]?.text ?? 'x')) return at
  for (let depth = 0, end = at; end < tokens.length; end++) {
    depth += turn(tokens[end]!.text)
    if (depth === 0) return end
  }
  return tokens.length
}

/** x(t) and T(10) are values of functions; x(x+1) is a product. */
const isCall = ({ kind, text }: Token, inner: readonly Token[]) =>
  kind !== 'name' ||
  calledNames.has(text) ||
  /^[A-Z]$/.test(text) ||
  inner.length === 1 ||
  inner.every(({ kind, text }) => kind === 'name' || text === ',')
