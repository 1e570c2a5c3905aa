import { inAsciiDigits } from '../forms/digits.ts'
import { splitThinking } from '../think/split.ts'

/** What the reader sees of a text: no thinking, nothing after an invented next turn, no calculator marks. */
export function visibleText(text: string): string {
  const { answer, state } = splitThinking(text)
  if (state === 'open') return ''
  let visible = answer
  const turn = visible.search(nextTurn)
  if (turn > 0 && visible.slice(0, turn).trim() !== '') visible = visible.slice(0, turn)
  for (const [pattern, becomes] of marks) visible = visible.replaceAll(pattern, becomes)
  return inAsciiDigits(visible).trim()
}

const nextTurn = /<\|(?:im_|e|user)\w*\|>|<end_of_turn>|\n[ \t]*(?:user|human)[ \t]*:/i

const marks: readonly (readonly [RegExp, string])[] = [
  [/\r\n?/g, '\n'],
  [/<\/?(?:b|strong|i|em|u|p|br|span|div)\s?\/?>/gi, ''],
  [/<<[^<>\n]{1,80}>>/g, ''],
  [/\\\\(?=(?:boxed|d?frac|text|left|right|sqrt)\b)/g, '\\'],
  [/[\u200b\u2060\ufeff]/g, ''],
]

/** A short text that says that it will not or cannot answer. */
export const isRefusal = (text: string): boolean => text.length < 300 && refusal.test(text)

const refusal =
  /^(?:(?:i'm|i am) (?:sorry\b|not sure\.?$)|sorry,|i (?:can(?:no|')t|am (?:not able|unable) to|won't) (?:help|assist|answer|provide)|as an ai\b|i (?:do not|don't) know\b[^,;]{0,40}$|n\/a\.?$)/i
