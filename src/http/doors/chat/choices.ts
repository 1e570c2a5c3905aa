import type { Completion } from '#core'
import type { ThinkForm } from '../../engine.ts'
import { tagged } from '../../pieces.ts'
import { finishReason } from '../answers.ts'

/** The fields of a message or a delta that carry thinking, in the form the client reads. */
export function thinkingFields(form: ThinkForm, thinking: string): Record<string, string> {
  if (form === 'none' || form === 'tags' || thinking === '') return {}
  if (form === 'both') return { reasoning_content: thinking, reasoning: thinking }
  return { [form]: thinking }
}

/** A whole choice of a plain response. */
export function choiceOf(index: number, completion: Completion, thinking: string, form: ThinkForm) {
  const { text, toolCalls, finish, messageExtra, choiceExtra } = completion
  const content = form === 'tags' ? tagged(thinking, text) : text
  return {
    index,
    message: {
      role: 'assistant',
      content: toolCalls && content === '' ? null : content,
      ...thinkingFields(form, thinking),
      ...messageExtra,
      ...(toolCalls ? { tool_calls: toolCalls } : {}),
    },
    finish_reason: finishReason(finish),
    logprobs: null,
    ...choiceExtra,
  }
}
