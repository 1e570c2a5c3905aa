import { isObject } from '../json.ts'

/** An assistant message, whose server may have split the reasoning off already. */
export type ThoughtfulMessage = {
  readonly content?: unknown
  readonly reasoning_content?: unknown
  readonly reasoning?: unknown
  readonly thinking?: unknown
  readonly reasoning_details?: unknown
  readonly [field: string]: unknown
}

/** The reasoning that a message, or a stream's delta, carries in a field: the first of the known names that is not empty. */
export function reasoningOf(message: ThoughtfulMessage): string {
  for (const text of [message.reasoning_content, message.reasoning, message.thinking])
    if (typeof text === 'string' && text) return text
  if (!Array.isArray(message.reasoning_details)) return ''
  return message.reasoning_details.map((detail) => detail?.text ?? detail?.summary ?? '').join('')
}

/** A message's reasoning and its words, whichever API it comes from; `called`: it asks for tools. */
export function messageParts(message: ThoughtfulMessage): { reasoning: string; content: string; called: boolean } {
  const parts = [message.content, message['parts'], message['output']].flat()
  const textOf = (part: unknown, thinking: boolean) => textsIn(part, thinking, false).join('')
  const thoughts = parts.map((part) => textOf(part, true)).filter(Boolean)
  return {
    reasoning: reasoningOf(message) || thoughts.join('\n'),
    content: parts.map((part) => textOf(part, false)).join(''),
    called: Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0,
  }
}

/** Where texts nest, by the shapes of Anthropic, Mistral, Gemini, OpenAI's Responses and Bedrock. */
const fields = ['text', 'thinking', 'summary', 'content', 'parts', 'reasoningContent', 'reasoningText']

/** The texts in a part of a message that are thinking, or that are not. */
function textsIn(part: unknown, thinking: boolean, within: boolean, depth = 0): readonly string[] {
  if (typeof part === 'string') return thinking === within ? [part] : []
  if (depth > 20) return []
  if (Array.isArray(part)) return part.flatMap((inner) => textsIn(inner, thinking, within, depth + 1))
  if (!isObject(part)) return []
  const thought =
    within ||
    part['thought'] === true ||
    /^(?:thinking|reasoning)$/.test(String(part['type'])) ||
    'reasoningContent' in part
  return fields.flatMap((field) => textsIn(part[field], thinking, thought, depth + 1))
}
