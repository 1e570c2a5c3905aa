/** A piece of a line that may hold an equation. */
export type Token = {
  readonly text: string
  readonly kind: 'number' | 'sign' | 'word' | 'other'
  readonly spaced: boolean
}

/** Numbers with the minus that belongs to them, signs among them a written x between numbers, words, and anything else. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = []
  let spaced = false
  for (const [text, space, numeral, letters, sign] of line.matchAll(pieces)) {
    const last = tokens.at(-1)
    if (space) spaced = true
    else {
      const negative = numeral && last && isMinus(last) && !spaced && isOperator(tokens.at(-2))
      const token = { text, kind: numeral ? 'number' : letters ? 'word' : sign ? 'sign' : 'other', spaced } as const
      if (negative) tokens.splice(-1, 1, { text: `-${text}`, kind: 'number', spaced: last.spaced })
      else tokens.push(token)
      spaced = false
    }
  }
  return tokens.map((token, at) => {
    const between = tokens[at - 1]?.kind === 'number' && tokens[at + 1]?.kind === 'number'
    if (between && /^x$/i.test(token.text)) return { ...token, text: '×', kind: 'sign' }
    if (between && token.text === '**') return { ...token, text: '^', kind: 'sign' }
    return token
  })
}

const isMinus = ({ text }: Token) => text === '-' || text === '−'

/** A minus after nothing, a sign or a bracket that opens belongs to its number. */
const isOperator = (token: Token | undefined) =>
  token === undefined || (token.text !== ')' && token.kind !== 'number' && token.kind !== 'word')

/** Space, numbers, words, signs, anything else. */
const pieces = /(\s+)|(\d+(?:,\d{3})*(?:\.\d+)?)|(\p{L}+)|\*\*|([-+*/×·÷^−()=])|./gu

/** LaTeX as the signs it stands for. */
export const plain = (text: string) =>
  text
    .replaceAll(/\\(?:times|cdot)\b/g, '×')
    .replaceAll(/\\div\b/g, '÷')
    .replaceAll(/\\[dt]?frac\{(\d+)\}\{(\d+)\}/g, '($1/$2)')
    .replaceAll(/\^\{(\d+)\}/g, '^$1')
    .replaceAll(/\\[()[\],;!]|\$/g, ' ')
