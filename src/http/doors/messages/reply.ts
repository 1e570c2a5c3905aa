import type { Completion } from '#core'
import type { Failure, Telling, Whole } from '../../door.ts'
import { headersOf, knownOf } from '../../failure.ts'
import { tagged } from '../../pieces.ts'
import { reported } from '../../report.ts'
import type { Speech } from '../../speech.ts'

/** Nobody signs a thought here, and it is never read again; but clients that find no signature throw the thought away. */
export const signature = 'unsigned'

export const thinkingBlock = (thinking: string) => ({ type: 'thinking', thinking, signature })

export const textBlock = (text: string) => ({ type: 'text', text, citations: null })

export function toolBlocks({ toolCalls = [] }: Completion) {
  return toolCalls.map(({ id, function: { name, arguments: written } }) => ({
    type: 'tool_use',
    id,
    name,
    input: inputOf(written),
  }))
}

/** A tool's input is an object; a model that wrote none is shown as it wrote. */
function inputOf(written: string): object {
  try {
    const input: unknown = JSON.parse(written === '' ? '{}' : written)
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input
  } catch {}
  return { arguments: written }
}

/** What is said to the reader: the answer, or why there is none. */
export const wordsOf = ({ text, messageExtra }: Completion): string =>
  text === '' && typeof messageExtra?.['refusal'] === 'string' ? messageExtra['refusal'] : text

/** The whole message. */
export function messageOf(telling: Telling<unknown>, { completion, thinking }: Whole) {
  const { think } = telling
  const tools = toolBlocks(completion)
  const text = think === 'tags' ? tagged(thinking, wordsOf(completion)) : wordsOf(completion)
  const shown = think !== 'tags' && thinking !== ''
  return {
    ...headOf(telling),
    content: [
      ...(shown ? [thinkingBlock(thinking)] : []),
      ...(text !== '' || tools.length === 0 ? [textBlock(text)] : []),
      ...tools,
    ],
    ...endOf(completion),
    usage: usageOf(telling.speech),
    ...reported(telling, completion),
  }
}

export const headOf = ({ id, model }: Telling<unknown>) => ({
  id: `msg_${id.replaceAll('-', '')}`,
  type: 'message',
  role: 'assistant',
  model,
})

const reasons = {
  stop: 'end_turn',
  budget: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  filter: 'refusal',
}

/** Why it ended. */
export function endOf({ finish, stopped, messageExtra }: Completion) {
  const refused = typeof messageExtra?.['refusal'] === 'string'
  return {
    stop_reason: refused ? 'refusal' : stopped === undefined ? reasons[finish] : 'stop_sequence',
    stop_sequence: stopped ?? null,
  }
}

/** What was really spent. Anthropic counts what came from a cache apart. */
export function usageOf({ ledger }: Speech) {
  const { input, output, cached, reasoning } = ledger.usage
  return {
    input_tokens: input - (cached ?? 0),
    output_tokens: output,
    ...(cached === undefined ? {} : { cache_read_input_tokens: cached }),
    ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
  }
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** Anthropic's error object. */
export function failureOf(error: unknown): Failure {
  const known = knownOf(error)
  const { status, message, code, param } = known
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  const details = { error_code: code, ...(param === null ? {} : { param }) }
  return { status, body: { type: 'error', error: { type, message, details } }, headers: headersOf(known) }
}
