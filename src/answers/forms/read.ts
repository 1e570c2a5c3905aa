import { canonicalJson, isObject, parseJson } from '../json.ts'
import { readChoice } from './choice.ts'
import { readCode } from './code.ts'
import { readDate } from './date.ts'
import { readStructure } from './structure.ts'
import { surfaceOf } from './surface.ts'
import { textKey } from './text.ts'
import { readTime } from './time.ts'
import type { Value } from './value.ts'
import { readWord } from './word.ts'

/** What an answer is as a text, and everything it may mean: `1,22` is a list and a decimal, `C` an option and a name. */
export type Reading = { readonly key: string; readonly values: readonly Value[] }

const remembered = new Map<string, Reading>()

/** The same answers come again with every sample, so they are read once. */
export function readingOf(answer: string): Reading {
  const known = remembered.get(answer)
  if (known) return known
  const reading = read(answer)
  if (remembered.size >= 500) remembered.clear()
  remembered.set(answer, reading)
  return reading
}

/** Text that is too long to be a short answer is compared as it stands. */
const longest = 4000

function read(answer: string): Reading {
  if (answer.length > longest) {
    const key = answer.replaceAll(/\s+/g, ' ').trim()
    return { key, values: [{ kind: 'text', key }] }
  }
  const surface = surfaceOf(answer)
  const key = textKey(surface)
  let values: readonly Value[] | undefined
  return {
    key,
    /** Read when asked for: most equal answers are equal as texts. */
    get values() {
      values ??= valuesOf(answer, surface, key)
      return values
    },
  }
}

function valuesOf(answer: string, surface: string, key: string): readonly Value[] {
  const typed = readJson(answer) ?? readCode(answer) ?? readDate(surface) ?? readWord(key)
  if (typed) return ['number' in typed ? maths(typed.number) : typed].flat()
  const values = [...readTime(surface), ...readChoice(surface), ...maths(surface)]
  return values.length > 0 ? values : [{ kind: 'text', key }]
}

/** Objects, and lists of more than numbers; a list of numbers is read as maths. */
function readJson(answer: string): Value | undefined {
  if (!/^\s*(?:```\w*\s*)?[[{]\s*(?:["[{}\]]|true|false|null|-?\d)/.test(answer)) return undefined
  const value = parseJson(answer)
  const mixed = Array.isArray(value) && !value.every((item) => typeof item === 'number' || Array.isArray(item))
  return mixed || isObject(value) ? { kind: 'text', key: `json ${canonicalJson(value)}` } : undefined
}

function maths(surface: string): readonly Value[] {
  if (isPlainWords(surface)) return []
  return [surface, ...otherNumerals(surface)].flatMap((form) => readStructure(form) ?? [])
}

/** Letters alone are a word and not a product, which would be equal to its anagrams; two small ones may be x y. */
const isPlainWords = (surface: string) => {
  if (/^(?:no|on|is|it|in|of|or|to|up|us)$/i.test(surface)) return true
  if (/^(?:[A-Za-z]|[a-z]{2})$/.test(surface)) return false
  return /^(?:[A-Za-z]*[AEIOUaeiou][A-Za-z]*|[A-Z]+|[A-Za-z]{4,}|(?=.*[A-Z])(?=.*\d)[A-Za-z\d]+)$/.test(surface)
}

/** The readings of a comma or point that other languages have: 1.234,50 and 1,22. And 1,234 as two numbers. */
function otherNumerals(surface: string): readonly string[] {
  const european = surface.replaceAll(/(?<![\d.,])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d.,])/g, (numeral) =>
    numeral.includes(',') || numeral.indexOf('.') !== numeral.lastIndexOf('.')
      ? numeral.replaceAll('.', '').replace(',', '.')
      : numeral,
  )
  if (european !== surface) return [european]
  if (/^[1-9]\d{0,2}(?:,\d{3})+$/.test(surface)) return [surface.replaceAll(',', ', ')]
  const decimals = /^[^\d,()[\]⦃]*\d+,(\d+)[^\d,;()[\]⦃]*(?:\^[{\s]*[23][}\s]*)?$/.exec(surface)?.[1]
  return decimals && (decimals.length !== 3 || /(?<!\d)0,/.test(surface)) ? [surface.replace(',', '.')] : []
}
