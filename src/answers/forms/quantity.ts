import { type Node, number, product } from '../maths/node.ts'
import { parseExpression } from '../maths/parse.ts'
import type { Token } from '../maths/tokens.ts'
import { written } from './split.ts'
import { canonicalUnit, isLetterUnit, scales, unitOf } from './units.ts'
import type { Quantity } from './value.ts'

/** An expression with the unit or currency that stands beside it. Undefined unless everything has its place. */
export function readQuantity(tokens: readonly Token[]): Quantity | undefined {
  const front = isCurrency(tokens[0]) ? [tokens[0]!] : []
  const signed = front.length === 0 && tokens[0]?.text === '-' && isCurrency(tokens[1]) ? tokens[1] : undefined
  const body = signed ? [tokens[0]!, ...tokens.slice(2)] : tokens.slice(front.length)
  const end = unitStart(body)
  const [amount, tail] = [body.slice(0, end), body.slice(end)]
  const based = end === body.length ? inBase(amount) : undefined
  if (based) return { kind: 'quantity', node: based.node, unit: based.unit, percent: false }
  const node = parseExpression(amount)
  if (!node) return undefined
  const { factor, percent, words } = unitWords(tail)
  if (words === undefined) return undefined
  const unit = canonicalUnit([...front, ...(signed ? [signed] : [])].map(({ text }) => text).join('') || words)
  const numeral = amount.length === 1 && amount[0]?.kind === 'number' ? amount[0].text : undefined
  return {
    kind: 'quantity',
    node: factor === 1n ? node : product(node, number(factor)),
    unit: currencies.test(unit) || front.length === 0 ? unit : canonicalUnit(words),
    percent,
    ...(numeral && factor === 1n ? { numeral } : {}),
  }
}

const currencies = /^(?:usd|eur|gbp|jpy|inr)$/
const isCurrency = (token: Token | undefined) => token?.kind === 'text' && currencies.test(token.text.slice(1, -1))

/** Where the amount ends and the unit begins; the length if there is none. */
function unitStart(tokens: readonly Token[]): number {
  const plain = tokens.findIndex(({ kind, text }) => kind !== 'number' && !'+-.'.includes(text))
  const angular = tokens.some(({ kind }) => kind === 'function')
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    if ('([{'.includes(token.text)) depth++
    if (')]}'.includes(token.text)) depth--
    if (depth > 0 || at === 0 || tokens[at - 1]?.text === '_') continue
    if (token.kind === 'text' || (token.text === '%' && at === tokens.length - 1)) return at
    if (token.text === '°' && !angular && (at === tokens.length - 1 || /^[CF]$/.test(tokens[at + 1]?.text ?? '')))
      return at
    const behindNumber = at === plain && tokens[at - 1]?.kind === 'number'
    if (token.kind === 'word' && isUnitWord(token, behindNumber)) return at
    if (
      behindNumber &&
      token.kind === 'name' &&
      isLetterUnit(token.text) &&
      /^(?:m?$|\/|\^|per)/.test(tokens[at + 1]?.text ?? '')
    )
      if (token.spaced || tokens[at + 1]?.text === '^') return at
    if (token.text === '^' && isOrdinal(tokens.slice(at))) return at
  }
  return tokens.length
}

/** A short word may be a product of letters, unless it is a unit behind a number. */
function isUnitWord({ text, spaced }: Token, behindNumber: boolean): boolean {
  if (text.length > 3) return true
  if (/^(?:st|nd|rd|th)$/.test(text)) return behindNumber && !spaced
  return behindNumber && (spaced ? text.length === 3 || unitOf(text) !== undefined : unitOf(text) !== undefined)
}

const isOrdinal = (tokens: readonly Token[]) => /^\^\{?‹?\s*(?:st|nd|rd|th)\s*›?\}?$/.test(written(tokens))

/** Words of magnitude multiply, `percent` divides, ordinals say nothing; the rest must look like a unit. */
function unitWords(tail: readonly Token[]): { factor: bigint; percent: boolean; words: string | undefined } {
  if (isOrdinal(tail) || /^‹?(?:st|nd|rd|th)›?$/.test(written(tail))) return { factor: 1n, percent: false, words: '' }
  const words = tail
    .map(({ text, spaced }) => (spaced ? ` ${text}` : text))
    .join('')
    .replaceAll(/[‹›]/g, ' ')
    .trim()
  if (/^(?:%|pct\.?|percent|per ?cent|percentage|Prozent|por ciento|pour cent)$/i.test(words))
    return { factor: 1n, percent: true, words: '' }
  const [, first = '', rest = ''] = /^([^\s]+)\s*(.*)$/s.exec(words) ?? []
  const scale = Object.hasOwn(scales, first.toLowerCase()) ? scales[first.toLowerCase()] : undefined
  const unit = scale ? rest : words
  const likely = unit.length <= 60 && !/[\d=<>≤≥≠+|,;:?!"]/.test(unit.replaceAll(/\^\s?\{?\s?-?\d\s?\}?/g, ''))
  return { factor: scale ?? 1n, percent: false, words: likely ? unit : undefined }
}

/** 52_8: its digits, with the base as a unit, for it is often left out. */
function inBase(tokens: readonly Token[]): { node: Node; unit: string } | undefined {
  const match = /^(\d+)_(?:\{(?:‹[^›]*›)?(\d+)\}|(\d+)|\{‹\D{0,8}(\d+)\D?›\})$/.exec(written(tokens))
  return match ? { node: number(BigInt(match[1]!)), unit: `base ${match[2] ?? match[3] ?? match[4]}` } : undefined
}
