import type { Token } from '../maths/tokens.ts'

/**
 * What ± stands for: the same tokens with each sign, and each ± by itself, as in (±a, ±b). Undefined without any, or with
 * more than four.
 */
export function signChoices(tokens: readonly Token[]): readonly (readonly Token[])[] | undefined {
  const count = tokens.filter(({ text }) => text === '±').length
  if (count === 0 || count > 4) return undefined
  return Array.from({ length: 2 ** count }, (_, choice) => {
    let left = choice * 2
    return tokens.map((token) => {
      if (token.text !== '±') return token
      left >>= 1
      return { ...token, text: left & 1 ? '-' : '+' }
    })
  })
}
