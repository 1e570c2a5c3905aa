import type { Completion } from '#core'
import type { Telling } from '../../door.ts'
import { failureOf } from '../../failure.ts'
import { reported, usageOf } from '../../report.ts'
import type { Piece } from '../../speech.ts'
import { event } from '../../sse.ts'
import { answersOf, finishReason } from '../answers.ts'
import { thinkingFields } from './choices.ts'
import type { ChatForm } from './request.ts'

/** Every event of the response. A failure is the last one: `[DONE]` says that an answer is whole. */
export async function* events(telling: Telling<ChatForm>): AsyncGenerator<string> {
  try {
    yield* chunks(telling)
    yield 'data: [DONE]\n\n'
  } catch (error) {
    yield event(failureOf(error).body)
  }
}

async function* chunks(telling: Telling<ChatForm>): AsyncGenerator<string> {
  const { speech, pieces, id, created, model, think, n, form } = telling
  const { includeUsage } = form
  const head = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created, model }
  const chunk = (index: number, delta: object, finish: string | null = null, more: object = {}) =>
    event({
      ...head,
      choices: [{ index, delta, finish_reason: finish, ...more }],
      ...(includeUsage ? { usage: null } : {}),
    })

  yield chunk(0, { role: 'assistant', content: '' })
  for await (const piece of pieces) {
    const delta = deltaOf(piece, think)
    if (delta) yield chunk(0, delta)
  }
  const completion = await speech.completion
  const report = reported(telling, completion)
  for (const [index, answer] of answersOf(completion, n).entries()) {
    if (index > 0)
      yield chunk(index, { role: 'assistant', content: '', ...thinkingFields(think, answer.thinking ?? '') })
    if (index > 0 && answer.text) yield chunk(index, { content: answer.text })
    yield* ending(answer, index)
  }
  yield event({ ...head, choices: [], ...(includeUsage ? { usage: usageOf(speech) } : {}), ...report })

  function* ending({ toolCalls, messageExtra, choiceExtra, finish }: Completion, index: number) {
    const calls = toolCalls?.map((call, position) => ({ index: position, ...call }))
    if (calls || messageExtra) yield chunk(index, { ...messageExtra, ...(calls ? { tool_calls: calls } : {}) })
    yield chunk(index, {}, finishReason(finish), choiceExtra)
  }
}

/** A piece as a delta of the first choice. */
function deltaOf({ type, text }: Piece, form: Telling<ChatForm>['think']): object | undefined {
  if (type === 'text') return { content: text }
  const fields = thinkingFields(form, text)
  return Object.keys(fields).length > 0 ? fields : undefined
}
