import type { Telling } from '../../door.ts'
import { reported } from '../../report.ts'
import { namedEvent } from '../../sse.ts'
import { endOf, failureOf, headOf, signature, textBlock, toolBlocks, usageOf, wordsOf } from './reply.ts'

type Event = { readonly type: string; readonly [field: string]: unknown }

/** Every event of the streamed message. A failure is the last one. */
export async function* events(telling: Telling<unknown>): AsyncGenerator<string> {
  try {
    for await (const event of eventsOf(telling)) yield namedEvent(event)
  } catch (error) {
    yield namedEvent(failureOf(error).body as Event)
  }
}

async function* eventsOf(telling: Telling<unknown>): AsyncGenerator<Event> {
  const { speech, pieces } = telling
  let index = -1
  let open: 'thinking' | 'text' | undefined
  const delta = (delta: object): Event => ({ type: 'content_block_delta', index, delta })
  const start = (content_block: object): Event => ({ type: 'content_block_start', index: ++index, content_block })
  const stop = (): Event => ({ type: 'content_block_stop', index })

  yield { type: 'message_start', message: begun(telling) }
  for await (const { type, text } of pieces) {
    if (open !== type) {
      yield* ended()
      open = type
      yield start(type === 'thinking' ? { type, thinking: '', signature: '' } : textBlock(''))
    }
    yield delta(type === 'thinking' ? { type: 'thinking_delta', thinking: text } : { type: 'text_delta', text })
  }
  const completion = await speech.completion
  const tools = toolBlocks(completion)
  if (open !== 'text' && (tools.length === 0 || wordsOf(completion) !== '')) {
    yield* ended()
    open = 'text'
    yield start(textBlock(''))
    if (wordsOf(completion) !== '') yield delta({ type: 'text_delta', text: wordsOf(completion) })
  }
  yield* ended()
  for (const { input, ...tool } of tools) {
    yield start({ ...tool, input: {} })
    yield delta({ type: 'input_json_delta', partial_json: JSON.stringify(input) })
    yield stop()
  }
  yield { type: 'message_delta', delta: endOf(completion), usage: usageOf(speech), ...reported(telling, completion) }
  yield { type: 'message_stop' }

  function* ended(): Generator<Event> {
    if (open === 'thinking') yield delta({ type: 'signature_delta', signature })
    if (open !== undefined) yield stop()
    open = undefined
  }
}

/** Nothing is counted before it has come. */
const begun = (telling: Telling<unknown>) => ({
  ...headOf(telling),
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 0, output_tokens: 0 },
})
