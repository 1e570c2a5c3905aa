import { turn } from '../maths/brackets.ts'
import { number, product } from '../maths/node.ts'
import { parseExpression } from '../maths/parse.ts'
import type { Token } from '../maths/tokens.ts'
import { spelled, written } from './split.ts'
import { canonicalUnit, isLetterUnit, scales, unitOf } from './units.ts'
import type { Quantity } from './value.ts'

/** An expression with the unit or currency that stands beside it. Undefined unless everything has its place. */
export function readQuantity(tokens: readonly Token[]): Quantity | undefined {
  if (tokens[1]?.text === '_') {
    const based = inBase(written(tokens))
    if (based) return based
  }
  const currency = currencies.exec(tokens[0]?.text ?? '')?.[0]
  const body = currency ? tokens.slice(1) : tokens
  const end = unitStart(body)
  const amount = body.slice(0, end)
  const node = parseExpression(amount)
  const tail = unitWords(spelled(body.slice(end)))
  if (!node || !tail) return undefined
  const { factor, percent, words } = tail
  const numeral =
    amount.length === 1 && amount[0]!.kind === 'number' && factor === 1n ? { numeral: amount[0]!.text } : {}
  const multiple = factor === 1n ? node : product(node, number(factor))
  return { kind: 'quantity', node: multiple, unit: canonicalUnit(currency ?? words), percent, ...numeral }
}

const currencies = /^‹(?:usd|eur|gbp|jpy|inr)›$/

/** Where the amount ends and the unit begins; the length if there is none. */
function unitStart(tokens: readonly Token[]): number {
  const plain = tokens.findIndex(({ kind, text }) => kind !== 'number' && !'+-.'.includes(text))
  const angular = tokens.some(({ kind }) => kind === 'function')
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    depth += turn(token.text)
    if (depth > 0 || at === 0 || tokens[at - 1]?.text === '_') continue
    const [next = '', last] = [tokens[at + 1]?.text, at === tokens.length - 1]
    if (token.kind === 'text' || (token.text === '%' && last)) return at
    if (token.text === '°' && !angular && (last || /^[CF]$/.test(next))) return at
    const behindNumber = at === plain && tokens[at - 1]?.kind === 'number'
    if (token.kind === 'word' && isUnitWord(token, behindNumber)) return at
    if (behindNumber && isLetterUnit(token.text) && (token.spaced ? /^(?:m?$|\/|\^|per)/ : /^\^/).test(next)) return at
    if (token.text === '^' && ordinal.test(written(tokens.slice(at)))) return at
  }
  return tokens.length
}

/** A short word may be a product of letters, unless it is a unit behind a number. */
function isUnitWord({ text, spaced }: Token, behindNumber: boolean): boolean {
  if (text.length > 3) return true
  if (ordinal.test(text)) return behindNumber && !spaced
  return behindNumber && (unitOf(text) !== undefined || (spaced && text.length === 3))
}

const ordinal = /^\^?\{?‹?\s*(?:st|nd|rd|th)\s*›?\}?$/

/** Words of magnitude multiply, `percent` divides, ordinals say nothing; the rest must look like a unit. */
function unitWords(tail: string): { factor: bigint; percent: boolean; words: string } | undefined {
  const words = ordinal.test(tail) ? '' : tail.replaceAll(/[‹›]/g, ' ').trim()
  if (/^(?:%|pct\.?|per ?cent|percentage|prozent|por ciento|pour cent)$/i.test(words))
    return { factor: 1n, percent: true, words: '' }
  const [first = '', ...rest] = words.split(/\s+/)
  const scale = scales.get(first.toLowerCase())
  const unit = scale ? rest.join(' ') : words
  const likely = unit.length <= 60 && !/[\d=<>≤≥≠+|,;:?!"]/.test(unit.replaceAll(/\^\s?\{?\s?-?\d\s?\}?/g, ''))
  return likely ? { factor: scale ?? 1n, percent: false, words: unit } : undefined
}

/** 52_8: its digits, with the base as a unit, for it is often left out. */
function inBase(text: string): Quantity | undefined {
  const [, digits, base] = /^(\d+)_\{?(?:‹\D*)?(\d+)(?:\D?›)?\}?$/.exec(text) ?? []
  return base ? { kind: 'quantity', node: number(BigInt(digits!)), unit: `base ${base}`, percent: false } : undefined
}
