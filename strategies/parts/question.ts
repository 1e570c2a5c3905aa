import { isObject } from '#answers'
import type { Prompt } from '#core'

/** The words of the last turn, if it is the user's; pictures and the like have none. */
export function wordsOf({ messages }: Prompt): string {
  const last = messages.at(-1)
  if (last?.role !== 'user') return ''
  if (typeof last.content === 'string') return last.content
  if (!Array.isArray(last.content)) return ''
  return last.content.flatMap((part) => (typeof part?.text === 'string' ? [part.text] : [])).join('\n')
}

/** Whether the client wants JSON and nothing around it. */
export function wantsJson({ rest }: Prompt): boolean {
  const format = rest?.['response_format']
  return isObject(format) && format['type'] !== 'text'
}
