import type { Message } from '#core'
import { contentOf, filePart, imagePart, type Part, textPart, untranslatable } from '../parts.ts'

type Item = Readonly<Record<string, unknown>>

/**
 * Items as messages of chat completions: calls of one turn belong to one message, with what was said before them.
 * Reasoning is not told again.
 */
export function messagesOf(items: readonly Item[]): readonly Message[] {
  const messages: Message[] = []
  for (const [index, item] of items.entries()) {
    const at = `input.${index}`
    const type = item['type'] ?? (item['role'] === undefined ? 'item_reference' : 'message')
    if (type === 'reasoning' || isOfReasoning(item)) continue
    if (type === 'message') messages.push(spoken(item, at))
    else if (type === 'function_call') call(messages, item)
    else if (type === 'function_call_output') messages.push(...told(item, at))
    else if (type === 'item_reference')
      throw untranslatable(
        at,
        'nothing is stored here, so items cannot be referred to; send them whole (store: false).',
      )
    else throw untranslatable(at, `an item of type "${type}" has no form in chat completions.`)
  }
  return messages
}

/** A reference to what is not told again needs no memory. */
const isOfReasoning = ({ type, id }: Item) => type === 'item_reference' && String(id).startsWith('rs_')

function spoken({ role, content }: Item, at: string): Message {
  if (typeof role !== 'string') throw untranslatable(at, 'a message needs a role.')
  // Chat templates of other models than OpenAI's know no developer.
  return { role: role === 'developer' ? 'system' : role, content: contentIn(content, `${at}.content`) }
}

function call(messages: Message[], { call_id, name, arguments: written }: Item): void {
  const call = { id: call_id, type: 'function', function: { name, arguments: written } }
  const last = messages.at(-1)
  if (last?.role !== 'assistant') messages.push({ role: 'assistant', content: null, tool_calls: [call] })
  else messages[messages.length - 1] = { ...last, tool_calls: [...((last['tool_calls'] as object[]) ?? []), call] }
}

/** What a function came to. A tool's message has text alone, so pictures follow in a turn of their own. */
function told({ call_id, output }: Item, at: string): readonly Message[] {
  if (!Array.isArray(output)) return [{ role: 'tool', tool_call_id: call_id, content: output }]
  const parts = output.map((part: Item, index) => partOf(part, `${at}.output.${index}`))
  const [words, others] = [parts.filter(isText), parts.filter((part) => !isText(part))]
  const told = { role: 'tool', tool_call_id: call_id, content: contentOf(words) }
  return others.length > 0 ? [told, { role: 'user', content: others }] : [told]
}

const isText = ({ type }: Part) => type === 'text'

const contentIn = (content: unknown, at: string) =>
  Array.isArray(content) ? contentOf(content.map((part: Item, index) => partOf(part, `${at}.${index}`))) : content

function partOf(part: Item, at: string): Part {
  const { type, text, refusal, image_url, detail, file_data, filename } = part
  if (type === 'input_text' || type === 'output_text' || type === 'text') return textPart(String(text))
  if (type === 'refusal') return textPart(String(refusal))
  if (type === 'input_image' && typeof image_url === 'string') return imagePart(image_url, detail)
  if (type === 'input_file' && typeof file_data === 'string') return filePart(file_data, String(filename ?? 'file'))
  if (type === 'input_audio') return { ...part, type }
  throw untranslatable(at, `"${type}" has no form in chat completions${part['file_id'] ? ' by its file_id' : ''}.`)
}
