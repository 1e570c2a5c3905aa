import type { Message } from '#core'
import { contentOf, filePart, imagePart, type Part, textPart, untranslatable } from '../parts.ts'

type Block = { readonly type: string; readonly [field: string]: unknown }
type Content = string | readonly Block[]
type Turn = { readonly role: string; readonly content: Content }

export function systemOf(system: Content | undefined): readonly Message[] {
  if (system === undefined || system.length === 0) return []
  return [{ role: 'system', content: typeof system === 'string' ? system : textOf(system, 'system') }]
}

/** Anthropic's turns as messages of chat completions: what a tool said becomes a message of its own. */
export const messagesOf = (turns: readonly Turn[]): readonly Message[] =>
  turns.flatMap(({ role, content }, index) => {
    if (typeof content === 'string') return [{ role, content }]
    const at = `messages.${index}.content`
    return role === 'assistant' ? [said(content, at)] : heard(role, content, at)
  })

/** An assistant's turn. Its thinking is not told again. */
function said(blocks: readonly Block[], at: string): Message {
  const spoken = blocks.filter(({ type }) => type !== 'tool_use' && !isThinking(type))
  const calls = blocks.filter(({ type }) => type === 'tool_use')
  const text = spoken.map((block, index) => wordsOf(block, `${at}.${index}`)).join('')
  if (calls.length === 0) return { role: 'assistant', content: text }
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    tool_calls: calls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input ?? {}) },
    })),
  }
}

const isThinking = (type: string) => type === 'thinking' || type === 'redacted_thinking'

/** A user's turn: the results of tools first, as they must follow the calls, then what else there is. */
function heard(role: string, blocks: readonly Block[], at: string): readonly Message[] {
  const results: Message[] = []
  const parts: Part[] = []
  for (const [index, block] of blocks.entries()) {
    const here = `${at}.${index}`
    if (block.type !== 'tool_result') parts.push(...partsOf(block, here))
    else {
      const told = typeof block['content'] === 'string' ? [textPart(block['content'])] : partsIn(block['content'], here)
      const words = told.filter(({ type }) => type === 'text')
      const content = contentOf(words)
      const failed = block['is_error'] === true && content === ''
      results.push({
        role: 'tool',
        tool_call_id: block['tool_use_id'],
        content: failed ? 'The tool failed.' : content,
      })
      // A tool's message has text alone.
      parts.push(...told.filter(({ type }) => type !== 'text'))
    }
  }
  return parts.length > 0 ? [...results, { role, content: contentOf(parts) }] : results
}

const partsIn = (blocks: unknown, at: string): readonly Part[] =>
  Array.isArray(blocks) ? blocks.flatMap((block: Block, index) => partsOf(block, `${at}.content.${index}`)) : []

function partsOf(block: Block, at: string): readonly Part[] {
  const source = (block['source'] ?? {}) as Readonly<Record<string, unknown>>
  const { type: from, media_type: media, data, url, content } = source
  if (block.type === 'image' && from === 'base64') return [imagePart(`data:${media};base64,${data}`)]
  if (block.type === 'image' && from === 'url') return [imagePart(String(url))]
  if (block.type === 'document' && from === 'text') return [textPart(titled(block, String(data)))]
  if (block.type === 'document' && from === 'base64')
    return [filePart(`data:${media};base64,${data}`, String(block['title'] ?? 'document.pdf'))]
  if (block.type === 'document' && from === 'content')
    return typeof content === 'string' ? [textPart(content)] : partsIn(content, `${at}.source`)
  if (block.type === 'search_result')
    return [textPart([block['title'], block['source'], textOf(block['content'], at)].join('\n'))]
  return [textPart(wordsOf(block, at))]
}

const titled = ({ title }: Block, text: string) => (typeof title === 'string' ? `${title}\n\n${text}` : text)

const textOf = (blocks: unknown, at: string): string =>
  partsIn(blocks, at)
    .map(({ text }) => text ?? '')
    .join('\n\n')

function wordsOf({ type, text }: Block, at: string): string {
  if (type === 'text' && typeof text === 'string') return text
  throw untranslatable(at, `a block of type "${type}" has no form in chat completions.`)
}
