import { isObject } from '#answers'
import type { Message, Prompt } from '#core'

/** An exercise that the prompt shows with its right answer. */
export type Example = { readonly question: string; readonly answer: string }

/**
 * The solved examples of a prompt: pairs of lines that begin with labels such as `Q:` and `A:`, pairs of turns that are
 * named `example_user` and `example_assistant`, and with `turns` every pair of turns before the last.
 */
export function examplesIn({ messages }: Prompt, turns = false): Example[] {
  return messages.flatMap((message, i) => {
    const next = messages[i + 1]
    if (next && isExample(message, next, turns)) return [{ question: wordsOf(message), answer: wordsOf(next) }]
    return message.role === 'assistant' || isNamed(message, 'assistant') ? [] : labelled(wordsOf(message))
  })
}

const isExample = (message: Message, next: Message, turns: boolean) =>
  (isNamed(message, 'user') && isNamed(next, 'assistant')) ||
  (turns && message.role === 'user' && next.role === 'assistant' && wordsOf(next) !== '')

const isNamed = ({ name }: Message, role: string) => name === `example_${role}`

const label = (words: string) => `^[ \\t>*_#-]*(?:${words})(?:[ \\t]*#?\\d+)?[ \\t*_]*[:：][*_]*`
const asks = new RegExp(label('Q|Question|Input|Problem|Exercise|Task|Passage|Context'), 'im')
const answers = new RegExp(label('A|Answer|Output|Solution|Response'), 'gim')
/** Not the first of some options A to D. */
const isOption = (rest: string) => /^[^\n]*\n\s*B\s*[:：]/.test(rest)

/** An answer ends at an empty line, or where the next question begins; the question that is left open has none. */
function labelled(text: string): Example[] {
  const examples: Example[] = []
  let from = 0
  for (const { 0: found, index } of text.matchAll(answers)) {
    const before = text.slice(from, index)
    const start = before.search(asks)
    const rest = text.slice(index + found.length)
    if (start < 0 || isOption(rest)) continue
    const [block = ''] = rest.trimStart() === '' ? [''] : rest.split(/\n[ \t]*\n/, 1)
    const end = block.search(asks)
    const answer = (end < 0 ? block : block.slice(0, end)).trim()
    const question = before.slice(start).trim()
    if (answer !== '') examples.push({ question, answer })
    from = index + found.length + (end < 0 ? block.length : end)
  }
  return examples
}

function wordsOf({ content }: Message): string {
  const parts = Array.isArray(content) ? content : [content]
  return parts.map((part) => (isObject(part) ? (part['text'] ?? '') : (part ?? ''))).join('\n')
}
