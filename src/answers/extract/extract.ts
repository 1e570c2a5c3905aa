import { bold } from './bold.ts'
import { boxed } from './boxed.ts'
import { fencedCode } from './fence.ts'
import { jsonAnswer } from './json-answer.ts'
import { lastValue } from './last-value.ts'
import { lastLine, shortWord } from './line.ts'
import { chosenOption, optionsOf } from './option.ts'
import { hashes, saidAnswer } from './phrase.ts'
import { tagged } from './tagged.ts'
import { isRefusal, visibleText } from './visible.ts'

/** The rule that found an answer, from the most reliable. */
export type Method = keyof typeof strengths

/** An answer pulled out of a text, the rule that found it, and how far that rule can be trusted. */
export type Extracted = {
  /** Null if the text does not come to an answer: it abstains. */
  readonly answer: string | null
  readonly method: Method
  /** In [0, 1]. Below 0.5 the answer was guessed from its place and not from how it was announced. */
  readonly strength: number
}

export type ExtractOptions = {
  /** The request's options: their letters, or their texts by letter. */
  readonly choices?: readonly string[] | Readonly<Record<string, string>>
  /** The question, from which options are read if they are not given. */
  readonly question?: string
}

/** The answer that a visible text comes to, by the first rule that finds one. Thinking in it is left out first. */
export function extractAnswer(text: string, options: ExtractOptions = {}): Extracted {
  const visible = visibleText(text.length > longest ? text.slice(-longest) : text)
  if (visible === '' || isRefusal(visible)) return nothing
  const letters = optionsOf(options)
  const found = { text: visible, letters, question: options.question ?? '' }
  for (const [method, rule] of rules) {
    const answer = rule(found)?.trim()
    if (answer && /[\p{L}\p{N}∅∞]/u.test(answer)) return { answer, method, strength: strengths[method] }
  }
  return nothing
}

/** What a rule looks at: the text, the letters of the options if it is a multiple choice, and the question. */
export type Material = { readonly text: string; readonly letters: ReadonlySet<string>; readonly question: string }

type Rule = (material: Material) => string | undefined

/** An answer stands near the end, and a text that is endless repeats itself. */
const longest = 50_000

const strengths = {
  json: 0.95,
  tag: 0.95,
  boxed: 1,
  code: 0.7,
  hashes: 0.95,
  option: 0.85,
  phrase: 0.85,
  bold: 0.6,
  value: 0.4,
  word: 0.4,
  line: 0.3,
  none: 0,
} as const

const nothing: Extracted = { answer: null, method: 'none', strength: 0 }

const rules: readonly (readonly [Method, Rule])[] = [
  ['code', (material) => fencedCode(material, true)],
  ['json', jsonAnswer],
  ['tag', tagged],
  ['phrase', (material) => saidAnswer(material, true)],
  ['boxed', boxed],
  ['hashes', hashes],
  ['option', chosenOption],
  ['phrase', saidAnswer],
  ['code', fencedCode],
  ['bold', bold],
  ['value', lastValue],
  ['word', shortWord],
  ['line', lastLine],
]
