import { turn } from './brackets.ts'
import { decimal, plus, type Rational, rational } from './rational.ts'
import { isFunction, wordConstants } from './words.ts'

/** A piece of a maths text. `spaced`: white space stands before it. `from`, `to`: where it stands in the text. */
export type Token = {
  readonly kind: 'number' | 'name' | 'word' | 'function' | 'text' | 'command' | 'sign'
  readonly text: string
  readonly value?: Rational
  readonly spaced: boolean
  readonly from: number
  readonly to: number
}

/** Cuts a surface form (see forms/surface.ts) into tokens; undefined for one that is too long to be an expression. */
export function tokensOf(surface: string): readonly Token[] | undefined {
  if (surface.length > longest) return undefined
  const tokens: Token[] = []
  let [at, depth, spaced] = [0, 0, false]
  while (at < surface.length) {
    const { kind, text, value } = tokenAt(surface, at, depth)
    if (kind === 'space') spaced = true
    else {
      if (kind === 'sign') depth += turn(text)
      tokens.push({ kind, text, spaced, from: at, to: at + text.length, ...(value ? { value } : {}) })
      spaced = false
    }
    at += text.length
  }
  return tokens
}

type Found = { kind: Token['kind'] | 'space'; text: string; value?: Rational | undefined }

function tokenAt(surface: string, at: number, depth: number): Found {
  if (depth === 0 && /[1-9]/.test(surface[at]!)) {
    grouped.lastIndex = at
    const text = grouped.exec(surface)?.[0]
    if (text) return { kind: 'number', text, value: decimal(text.replaceAll(/[, ]/g, '')) }
  }
  pieces.lastIndex = at
  const [text = ' ', space, again, numeral, words, letters, command] = pieces.exec(surface) ?? []
  if (space) return { kind: 'space', text }
  if (again) return { kind: 'number', text, value: repeating(text) }
  if (numeral) return { kind: 'number', text, value: decimal(text) }
  if (letters) return { kind: kindOfLetters(text), text }
  return { kind: words ? 'text' : command ? 'command' : 'sign', text }
}

function kindOfLetters(text: string): Token['kind'] {
  if (isFunction(text)) return 'function'
  return text.length === 1 || Object.hasOwn(wordConstants, text) ? 'name' : 'word'
}

/** 0.1(6) and 0.1\overline{6}: the digits before it, and a fraction over nines. */
function repeating(text: string): Rational | undefined {
  const [, whole = '', again = ''] = /^([\d.]+)\D+(\d+)\D$/.exec(text) ?? []
  const before = decimal(whole)
  const places = BigInt(whole.length - whole.indexOf('.') - 1)
  const tail = rational(BigInt(again), (10n ** BigInt(again.length) - 1n) * 10n ** places)
  return before && tail && plus(before, tail)
}

const longest = 3000

/** Thousands are grouped only in a number that stands alone: within parentheses, `312,123,231` is three numbers. */
const grouped = /(?<![\d.,])(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d|,\d)|[1-9]\d{0,2}(?: \d{3})+(?![ ,]?\d))(?:\.\d+)?/y

/** Space, repeating decimals, numerals, words, letters, commands, and any other sign. */
const pieces = new RegExp(
  [
    /(\s+)/,
    /(\d{0,99}\.\d{0,99}(?:\\overline\s?\{\d{1,99}\}|\\dot\s?\{\d\}|\(\d{1,99}\)(?!\d)))/,
    /((?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4}(?![\w.]))?)/,
    /(‹[^›]*›|[^\P{L}A-Za-zΑ-Ωα-ωϑϕϵℓℝℤℕℚℂ]+)/u,
    /([A-Za-z]+|[Α-Ωα-ωϑϕϵℓℝℤℕℚℂ∅∞])/,
    /(\\[A-Za-z]+\*?)/,
    /./,
  ]
    .map(({ source }) => source)
    .join('|'),
  'suy',
)
