import type { Token } from '../maths/tokens.ts'

const opposite: Readonly<Record<string, string>> = { '+': '-', '-': '+' }

/**
 * What ± stands for: the same tokens with each sign. Several ± choose for themselves, as (±a, ±b) does, unless ∓ is
 * among them, which goes against the one choice that all then share. Undefined without any, or with more than four.
 */
export function signChoices(tokens: readonly Token[]): readonly (readonly Token[])[] | undefined {
  const count = tokens.filter(({ text }) => text === '±').length
  const tied = tokens.some(({ text }) => text === '∓')
  if ((count === 0 && !tied) || count > 4) return undefined
  const free = tied ? 1 : count
  return Array.from({ length: 2 ** free }, (_, choice) => {
    let seen = 0
    return tokens.map((token) => {
      if (token.text !== '±' && token.text !== '∓') return token
      const sign = (choice >> (tied ? 0 : seen++)) & 1 ? '-' : '+'
      return { ...token, text: token.text === '±' ? sign : opposite[sign]! }
    })
  })
}
