import { canonicalJson, equivalent, extractAnswer, isObject, isRefusal, type Policy, parseJson } from '#answers'
import type { Completion, Prompt } from '#core'
import { optionTexts, wordsOf } from './question.ts'
import { breaks, schemaOf } from './schema.ts'

/**
 * What a completion answers. Answers of different kinds are never the same: `prose` is a text that comes to no short
 * answer, and votes only if nothing else can.
 */
export type Answer = {
  readonly kind: 'answer' | 'json' | 'tools' | 'prose'
  /** What is compared: the extracted answer, or canonical JSON. */
  readonly key: string
  /** The words to show for it. */
  readonly shown: string
  /** How far the rule that found it can be trusted, in [0, 1]. */
  readonly strength: number
}

/**
 * Reads a completion's answer. Tool calls vote by name and arguments, a JSON answer by its value; reasoning never votes,
 * so a completion whose thinking was cut off has no answer. Null: it abstains.
 */
export function answerOf(completion: Completion, question: Prompt): Answer | null {
  const known = read.get(completion)
  if (known?.question === question) return known.answer
  const answer = readAnswer(completion, question)
  read.set(completion, { question, answer })
  return answer
}

/** Whether two completions' answers are the same under a policy. */
export function sameAnswer(a: Answer | null, b: Answer | null, policy: Policy = {}): boolean {
  if (!a || !b || a.kind !== b.kind) return false
  return a.key === b.key || (a.kind === 'answer' && equivalent(a.key, b.key, policy))
}

/** A completion is looked at again with every vote that is added, and by every scorer that compares. */
const read = new WeakMap<Completion, { question: Prompt; answer: Answer | null }>()

/** The last words of a text that was cut off are no answer, unless they were announced as one. */
function readAnswer({ toolCalls, finish, text }: Completion, question: Prompt): Answer | null {
  if (toolCalls?.length) return toolAnswer(toolCalls)
  if (finish === 'filter' || text.trim() === '') return null
  const format = question.rest?.['response_format']
  if (isObject(format) && format['type'] !== 'text') return jsonAnswer(text, schemaOf(question))
  const { answer, strength } = extractAnswer(text, { choices: optionTexts(question), question: wordsOf(question) })
  if (finish === 'length' && strength < 0.5 && /\s/.test(text.trim())) return null
  if (answer !== null) return { kind: 'answer', key: answer, shown: shorten(answer), strength }
  return isRefusal(text.trim()) ? null : { kind: 'prose', key: text.trim(), shown: shorten(text.trim()), strength: 0 }
}

function toolAnswer(calls: NonNullable<Completion['toolCalls']>): Answer {
  const asked = calls.map(({ function: { name, arguments: text } }) => [name, parseJson(text) ?? text] as const)
  const shown = asked.map(([name, value]) => `${name}(${canonicalJson(value)})`).join(', ')
  return { kind: 'tools', key: canonicalJson(asked), shown: shorten(shown), strength: 1 }
}

/** An answer that is no JSON, or breaks the schema that was asked for, does not vote. */
function jsonAnswer(text: string, schema: unknown): Answer | null {
  const value = parseJson(text)
  if (value === undefined || breaks(value, schema)) return null
  const key = canonicalJson(value)
  return { kind: 'json', key, shown: shorten(key), strength: 1 }
}

const shorten = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text)
