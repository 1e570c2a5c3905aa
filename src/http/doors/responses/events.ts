import type { Completion } from '#core'
import type { Telling } from '../../door.ts'
import { knownOf } from '../../failure.ts'
import type { Piece } from '../../speech.ts'
import { namedEvent } from '../../sse.ts'
import { callItem, messageItem, reasoningItem, refusalOf, refusalPart, summaryPart, textPart } from './items.ts'
import { begun, ended, idsOf, statusOf, usageOf } from './reply.ts'
import type { ResponsesForm } from './request.ts'

type Event = { readonly type: string; readonly [field: string]: unknown }
type Item = { readonly id: string; readonly type: string; readonly [field: string]: unknown }

/** Every event of the streamed response, numbered. A failure is two: some clients know the one, some the other. */
export async function* events(telling: Telling<ResponsesForm>): AsyncGenerator<string> {
  let number = 0
  const numbered = (event: Event) => namedEvent({ ...event, sequence_number: number++ })
  try {
    for await (const event of eventsOf(telling)) yield numbered(event)
  } catch (error) {
    const { code, message, param } = knownOf(error)
    yield numbered({ type: 'error', code, message, param })
    const response = {
      ...begun(telling),
      status: 'failed',
      error: { code, message },
      usage: usageOf(telling.speech),
    }
    yield numbered({ type: 'response.failed', response })
  }
}

async function* eventsOf(telling: Telling<ResponsesForm>): AsyncGenerator<Event> {
  const { speech, pieces } = telling
  const ids = idsOf(telling)
  const output: Item[] = []
  let open: { readonly type: Piece['type']; readonly id: string; text: string } | undefined

  yield { type: 'response.created', response: begun(telling) }
  yield { type: 'response.in_progress', response: begun(telling) }
  for await (const { type, text } of pieces) {
    if (open?.type !== type) {
      yield* closed()
      open = { type, id: ids(type === 'thinking' ? 'rs' : 'msg'), text: '' }
      yield* type === 'thinking' ? thinkingBegins(open.id) : textBegins(open.id, textPart(''))
    }
    open.text += text
    yield type === 'thinking'
      ? { type: 'response.reasoning_summary_text.delta', ...inSummary(open.id), delta: text }
      : { type: 'response.output_text.delta', ...inContent(open.id), delta: text, logprobs: [] }
  }
  const completion = await speech.completion
  const calls = completion.toolCalls ?? []
  const refusal = refusalOf(completion)
  if (open?.type !== 'text') {
    yield* closed()
    if (refusal !== undefined) yield* refused(refusal, completion)
    else if (calls.length === 0) {
      open = { type: 'text', id: ids('msg'), text: '' }
      yield* textBegins(open.id, textPart(''))
    }
  }
  yield* closed(completion)
  for (const call of calls) {
    const item = callItem(ids('fc'), call)
    const here = { item_id: item.id, output_index: output.length }
    yield added({ ...item, arguments: '', status: 'in_progress' })
    yield { type: 'response.function_call_arguments.delta', ...here, delta: item.arguments }
    yield { type: 'response.function_call_arguments.done', ...here, name: item.name, arguments: item.arguments }
    yield done(item)
  }
  const response = ended(telling, completion, output)
  yield { type: `response.${response.status}`, response }

  function* thinkingBegins(id: string): Generator<Event> {
    yield added({ ...reasoningItem(id, ''), summary: [], status: 'in_progress' })
    yield { type: 'response.reasoning_summary_part.added', ...inSummary(id), part: summaryPart('') }
  }

  function* textBegins(id: string, part: object): Generator<Event> {
    yield added(messageItem(id, [], 'in_progress'))
    yield { type: 'response.content_part.added', ...inContent(id), part }
  }

  function* closed(completion?: Completion): Generator<Event> {
    if (open?.type === 'thinking') {
      const { id, text } = open
      yield { type: 'response.reasoning_summary_text.done', ...inSummary(id), text }
      yield { type: 'response.reasoning_summary_part.done', ...inSummary(id), part: summaryPart(text) }
      yield done(reasoningItem(id, text))
    } else if (open) {
      const { id, text } = open
      const part = textPart(text, completion)
      yield { type: 'response.output_text.done', ...inContent(id), text, logprobs: part.logprobs }
      yield { type: 'response.content_part.done', ...inContent(id), part }
      yield done(messageItem(id, [part], completion ? statusOf(completion) : 'completed'))
    }
    open = undefined
  }

  function* refused(refusal: string, completion: Completion): Generator<Event> {
    const id = ids('msg')
    yield* textBegins(id, refusalPart(''))
    yield { type: 'response.refusal.delta', ...inContent(id), delta: refusal }
    yield { type: 'response.refusal.done', ...inContent(id), refusal }
    yield { type: 'response.content_part.done', ...inContent(id), part: refusalPart(refusal) }
    yield done(messageItem(id, [refusalPart(refusal)], statusOf(completion)))
  }

  function added(item: Item): Event {
    return { type: 'response.output_item.added', output_index: output.length, item }
  }

  function done(item: Item): Event {
    const output_index = output.push(item) - 1
    return { type: 'response.output_item.done', output_index, item }
  }

  function inSummary(item_id: string) {
    return { item_id, output_index: output.length, summary_index: 0 }
  }

  function inContent(item_id: string) {
    return { item_id, output_index: output.length, content_index: 0 }
  }
}
