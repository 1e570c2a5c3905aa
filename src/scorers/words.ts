import { canonicalJson } from '#answers'
import type { Completion, Message } from '#core'

/** Only what the client would see is judged: long thinking impresses judges, right or wrong. */
export const visibleOf = ({ text, toolCalls }: Completion) => (toolCalls ? canonicalJson(toolCalls) : text)

/** Others' words between tags. No tag at all is left in them: a candidate must end no frame and speak to the judge. */
export const sealed = (name: string, text: string) => `<${name}>\n${text.replaceAll('<', '‹')}\n</${name}>`

/** A conversation in words. Pictures and the like are only mentioned. */
export const transcript = (messages: readonly Message[]) => messages.map(turn).join('\n')

function turn({ role, content, tool_calls: calls }: Message): string {
  const parts = Array.isArray(content) ? content : [content ?? '']
  const words = parts.map((part) => (isNoText(part) ? `[${part.type}]` : (part?.text ?? part)))
  return `[${role}] ${words.join('\n')}${calls ? canonicalJson(calls) : ''}`
}

/** What of a conversation is no words, to be sent beside them. */
export const pictures = (messages: readonly Message[]) =>
  messages.flatMap(({ content }) => (Array.isArray(content) ? content.filter(isNoText) : []))

const isNoText = (part: unknown): part is { type: string } =>
  typeof part === 'object' && part !== null && 'type' in part && part.type !== 'text'
