import type { Completion, ToolCall } from '#core'

/** Items of a response's output, complete. An id is that of the response with the item's place. */

export const reasoningItem = (id: string, thinking: string) => ({
  id,
  type: 'reasoning',
  summary: [summaryPart(thinking)],
  status: 'completed',
})

export const summaryPart = (text: string) => ({ type: 'summary_text', text })

export const messageItem = (id: string, content: readonly object[], status: string) => ({
  id,
  type: 'message',
  role: 'assistant',
  status,
  content,
})

export const textPart = (text: string, { choiceExtra }: Pick<Completion, 'choiceExtra'> = {}) => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: (choiceExtra?.['logprobs'] as { content?: readonly object[] } | undefined)?.content ?? [],
})

export const refusalPart = (refusal: string) => ({ type: 'refusal', refusal })

export const callItem = (id: string, { id: call_id, function: { name, arguments: written } }: ToolCall) => ({
  id,
  type: 'function_call',
  call_id,
  name,
  arguments: written,
  status: 'completed',
})

/** Why there is no answer, in the model's words. */
export const refusalOf = ({ messageExtra }: Completion): string | undefined =>
  typeof messageExtra?.['refusal'] === 'string' ? messageExtra['refusal'] : undefined
