import type { Completion } from '#core'
import type { Telling, Whole } from '../../door.ts'
import { tagged } from '../../pieces.ts'
import { reported } from '../../report.ts'
import type { Speech } from '../../speech.ts'
import { callItem, messageItem, reasoningItem, refusalOf, refusalPart, textPart } from './items.ts'
import type { ResponsesForm } from './request.ts'

type Output = readonly { readonly id: string; readonly type: string }[]

/** The whole response. */
export function responseOf(telling: Telling<ResponsesForm>, { completion, thinking }: Whole) {
  const { think } = telling
  const ids = idsOf(telling)
  const refusal = refusalOf(completion)
  const text = think === 'tags' ? tagged(thinking, completion.text) : completion.text
  const content = refusal !== undefined && text === '' ? refusalPart(refusal) : textPart(text, completion)
  const calls = completion.toolCalls ?? []
  const silent = text === '' && refusal === undefined && calls.length > 0
  const output = [
    ...(think !== 'tags' && thinking !== '' ? [reasoningItem(ids('rs'), thinking)] : []),
    ...(silent ? [] : [messageItem(ids('msg'), [content], statusOf(completion))]),
    ...calls.map((call) => callItem(ids('fc'), call)),
  ]
  return ended(telling, completion, output)
}

/** Ids of the items of one response. */
export function idsOf({ id }: Telling<unknown>): (kind: string) => string {
  let next = 0
  return (kind) => `${kind}_${id.replaceAll('-', '')}${next++}`
}

/** A response that is under way. */
export const begun = ({ id, created, model, form }: Telling<ResponsesForm>) => ({
  id: `resp_${id.replaceAll('-', '')}`,
  object: 'response',
  created_at: created,
  status: 'in_progress',
  background: false,
  error: null as object | null,
  incomplete_details: null as object | null,
  model,
  output: [] as Output,
  previous_response_id: null,
  store: false,
  usage: null as object | null,
  ...form.repeated,
})

/** A response that has come to its end. */
export function ended(telling: Telling<ResponsesForm>, completion: Completion, output: Output) {
  const status = statusOf(completion)
  const reason = completion.finish === 'filter' ? 'content_filter' : 'max_output_tokens'
  return {
    ...begun(telling),
    status,
    ...(status === 'completed' ? { completed_at: Math.floor(Date.now() / 1000) } : { incomplete_details: { reason } }),
    output,
    usage: usageOf(telling.speech),
    ...reported(telling, completion),
  }
}

export const statusOf = ({ finish }: Completion): string =>
  finish === 'length' || finish === 'filter' ? 'incomplete' : 'completed'

/** What was really spent. The details are not optional here; what nobody counted is 0. */
export function usageOf({ ledger }: Speech) {
  const { input, output, reasoning = 0, cached = 0 } = ledger.usage
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  }
}
