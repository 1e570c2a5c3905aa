import { readChoice } from '../forms/choice.ts'
import { surfaceOf } from '../forms/surface.ts'
import type { Policy } from './policy.ts'

type Choices = NonNullable<Policy['choices']>

/** Whether two answers name the same option, one by its letter and one by its text. */
export function sameByChoice(a: string, b: string, choices: Choices, same: (a: string, b: string) => boolean): boolean {
  const texts = Object.entries(Array.isArray(choices) ? byLetter(choices) : choices)
  const [x, y] = [letterOf(a, texts, same), letterOf(b, texts, same)]
  return x !== undefined && x === y
}

const byLetter = (texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, at) => [String.fromCharCode(65 + at), text]))

/** An option's letter, by which it is named or whose text it is; undefined if it is none or could be several. */
function letterOf(
  answer: string,
  texts: readonly (readonly [string, string])[],
  same: (a: string, b: string) => boolean,
): string | undefined {
  const [choice] = readChoice(surfaceOf(answer).replace(/^[a-z]$/, (letter) => letter.toUpperCase()))
  if (texts.some(([letter]) => letter === choice?.letter)) return choice?.letter
  const found = texts.filter(([letter, text]) => text !== letter && same(answer, text))
  return found.length === 1 ? found[0]![0] : undefined
}
