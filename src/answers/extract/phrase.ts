import { heading } from './bold.ts'
import { boxesIn } from './boxed.ts'
import type { Material } from './extract.ts'
import { answerWords, isSigns, isWords } from './languages.ts'
import { valueIn } from './value.ts'

/** GSM8K's `#### 42`. A heading of the fourth level is not one. */
export function hashes({ text }: Material): string | undefined {
  const last = [...text.matchAll(/^####\s*(.+?)\s*$/gm)].at(-1)?.[1]
  return last && /\d/.test(last) && last.length <= 40 && !heading.test(last) ? last : undefined
}

/**
 * What is announced as the answer, in many languages; the last announcement that comes to a value counts. After the last
 * box only an explicit final answer is heard.
 */
export function saidAnswer({ text }: Material, afterBox = false): string | undefined {
  const box = boxesIn(text).at(-1)
  if (afterBox && !box) return undefined
  const from = afterBox ? box!.to : 0
  for (const pattern of announcements.slice(0, afterBox ? 1 : undefined)) {
    for (const match of [...text.matchAll(pattern)].toReversed().slice(0, 20)) {
      if (match.index < from) break
      const value = valueIn(restOf(text, match.index + match[0].length))
      if (value && /[\p{L}\p{N}∅∞]/u.test(value) && !empty.test(value)) return value
    }
  }
  return undefined
}

/** The rest of the line; if nothing is left of it, the next line, or the list that follows. */
function restOf(text: string, at: number): string {
  const rest = text
    .slice(at, at + 3000)
    .replace(/^[\s*_:：=]*\n+\s*/, '')
    .replace(/^(?:\*\*|__)?[:：]?\s*/, '')
  const items = /^(?:\s*(?:[-*•]|\d+[.)])\s+[^\n]{1,60}\n?){2,}/.exec(rest)?.[0]
  if (!items) return rest
  return items
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .join(', ')
}

/** Says nothing by itself. */
const empty =
  /^(?:as follows|correct|incorrect|wrong|given|shown|the following|this|that|it|yes or no|obtained|found)\b[^\d]*$/i

const be = String.raw`(?:\s*(?:is|are|was|(?:should|must|would|will) be|comes to|equals|turns out to be|becomes)\b\s*:?|\s*[:：=])`
const start = String.raw`(?:^|[^\p{L}])`
const about = (words: string) => String.raw`\**(?:\s+(?:${words})\b[^.:\n]{0,60})?`

/** From the most explicit. */
const announcements: readonly RegExp[] = [
  String.raw`${start}(?:the\s+)?final\s+(?:answer|result|value)\b${about('to|for|of')}(?:\s*(?:is\b|are\b|=)|\s*[:：]|\**\s*\n)\**`,
  String.raw`${start}(?:the\s+)?(?:(?:correct|right|best)\s+)?answers?${about('to|for')}${be}\**`,
  String.raw`(?:^|\P{L}|\p{Lo})(?:${answerWords})\**(?:\s*(?:finale?|corre(?:ct|tt?)[ae]|richtige))?(?:\s*(?:${isSigns}|-)|\s+(?:${isWords})(?!\p{L}))+\**`,
  String.raw`(?<=^|\n)\s*\**answer\**\s+(?=\\\[|\\\(|\$|\d|\()`,
  String.raw`${start}(?:the|our)\s+(?:final\s+)?(?:answers?|result|output|solution)${about('to|for|of')}${be}\**`,
].map((source) => new RegExp(source, 'giu'))
