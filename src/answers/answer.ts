import type { Completion, Prompt } from '#core'
import { answerKey } from './equivalent.ts'
import { extractAnswer } from './extract.ts'
import { canonicalJson, parseJson } from './json.ts'

/** What a completion answers: a key that equal answers share, and the words to show for it. Null: it abstains. */
export type Answer = { readonly key: string; readonly shown: string }

/**
 * Reads a completion's answer. Tool calls vote by name and arguments, a JSON answer by its value; reasoning never votes,
 * so a completion whose thinking was cut off has no answer.
 */
export function answerOf(completion: Completion, question: Prompt): Answer | null {
  const known = read.get(completion)
  if (known?.question === question) return known.answer
  const answer = readAnswer(completion, question)
  read.set(completion, { question, answer })
  return answer
}

/** A completion is looked at again with every vote that is added, and by every scorer that compares. */
const read = new WeakMap<Completion, { question: Prompt; answer: Answer | null }>()

function readAnswer(completion: Completion, question: Prompt): Answer | null {
  if (completion.toolCalls?.length) return toolAnswer(completion.toolCalls)
  if (completion.finish === 'filter' || completion.text.trim() === '') return null
  if (wantsJson(question)) {
    const value = parseJson(completion.text)
    return value === undefined ? null : { key: `json ${canonicalJson(value)}`, shown: shorten(canonicalJson(value)) }
  }
  const { answer } = extractAnswer(completion.text)
  if (answer === null) return { key: `text ${completion.text.trim()}`, shown: shorten(completion.text.trim()) }
  return { key: `answer ${answerKey(answer)}`, shown: shorten(answer) }
}

function toolAnswer(calls: NonNullable<Completion['toolCalls']>): Answer {
  const asked = calls.map(({ function: { name, arguments: text } }) => [name, parseJson(text) ?? text] as const)
  const shown = asked.map(([name, value]) => `${name}(${canonicalJson(value)})`).join(', ')
  return { key: `tools ${canonicalJson(asked)}`, shown: shorten(shown) }
}

function wantsJson({ rest }: Prompt): boolean {
  const format = rest?.['response_format']
  return typeof format === 'object' && format !== null && 'type' in format && format.type !== 'text'
}

const shorten = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text)
