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
  const parts = [message.content, message['parts'], message['output']].flatMap(listed)
  const field = reasoningOf(message)
  return {
    reasoning: field || parts.map(thoughtIn).filter(Boolean).join('\n'),
    content: parts.map(wordsIn).join(''),
    called: Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0,
  }
}

type Part = { readonly [field: string]: unknown }

const listed = (content: unknown): readonly Part[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (Array.isArray(content))
    return content.flatMap((part) => (typeof part === 'string' ? listed(part) : isPart(part) ? [part] : []))
  return isPart(content) && Array.isArray(content['parts']) ? listed(content['parts']) : []
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null

/** The reasoning in one part, by the shapes of Anthropic, Mistral, Gemini, OpenAI's Responses and Bedrock. */
function thoughtIn(part: Part): string {
  if (part['thought'] === true) return textIn(part)
  if (part['type'] === 'thinking') return textIn(part['thinking'])
  if (part['type'] === 'reasoning')
    return ['summary', 'content', 'text']
      .map((field) => textIn(part[field]))
      .filter(Boolean)
      .join('\n')
  const bedrock = part['reasoningContent']
  return isPart(bedrock) ? textIn(bedrock['reasoningText']) : ''
}

function wordsIn(part: Part): string {
  if (part['thought'] === true || part['type'] === 'thinking' || part['type'] === 'reasoning') return ''
  if (part['type'] === 'message') return listed(part['content']).map(wordsIn).join('')
  return typeof part['text'] === 'string' ? part['text'] : ''
}

/** Texts nest in lists and in objects that hold them. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textIn).join('')
  return isPart(value) && typeof value['text'] === 'string' ? value['text'] : ''
}
