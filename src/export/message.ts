import type { Completion } from '#core'

/** Where the thinking goes: a field of the message, as chat templates read it, tags in the content, or nowhere. */
export const thinkForms = ['reasoning_content', 'thinking', 'tags', 'none'] as const
export type ThinkForm = (typeof thinkForms)[number]

/** The assistant's message, as trainers read it. */
export function messageOf({ text, thinking, toolCalls }: Completion, form: ThinkForm) {
  const said = thinking && form === 'tags' ? `<think>\n${thinking}\n</think>\n\n${text}` : text
  return {
    role: 'assistant' as const,
    content: said,
    ...(thinking && (form === 'reasoning_content' || form === 'thinking') ? { [form]: thinking } : {}),
    ...(toolCalls ? { tool_calls: toolCalls } : {}),
  }
}

/** How long a sample is, in characters. */
export const lengthOf = ({ text, thinking = '' }: Completion): number => text.length + thinking.length
