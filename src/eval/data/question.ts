import type { Message } from '#core'
import { asked, type Choices } from './choices.ts'
import { firstOf, type Row } from './row.ts'

const fields = ['messages', 'question', 'problem', 'prompt', 'input', 'text']

/** The conversation that a row begins. One that ends with the assistant's words has the answer in them. */
export function messagesOf(row: Row, choices: Choices | undefined, system: string | undefined): readonly Message[] {
  const given = firstOf(row, fields)
  const said = conversationOf(given)
  if (!said) throw new Error(`it has no question: ${fields.join(', ')} are looked for`)
  const messages = said.at(-1)?.role === 'assistant' ? said.slice(0, -1) : said
  const last = messages.at(-1)
  if (last?.role !== 'user') throw new Error('its conversation does not end with a message of the user')
  const whole = choices
    ? [...messages.slice(0, -1), { ...last, content: asked(String(last.content), choices) }]
    : messages
  const instructions = system ?? row['system']
  return typeof instructions === 'string' && whole[0]?.role !== 'system'
    ? [{ role: 'system', content: instructions }, ...whole]
    : whole
}

/** The words with which the assistant ends a conversation, where it does. */
export function lastWords(row: Row): string | undefined {
  const last = conversationOf(firstOf(row, fields))?.at(-1)
  return last?.role === 'assistant' && typeof last.content === 'string' ? last.content : undefined
}

function conversationOf(given: unknown): readonly Message[] | undefined {
  if (typeof given === 'string' && given.trim() !== '') return [{ role: 'user', content: given }]
  if (!Array.isArray(given) || given.length === 0) return undefined
  return given.every((turn) => typeof turn?.role === 'string') ? given : undefined
}
