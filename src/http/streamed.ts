import type { Completion } from '#core'
import { answersOf, finishReason, thinkingFields } from './choices.ts'
import { failureOf } from './failure.ts'
import type { Telling } from './reply.ts'
import { reportHeaders, reportOf, usageOf } from './report.ts'
import type { Piece } from './speech.ts'
import { event, eventStream, eventStreamHeaders } from './sse.ts'

/** The streamed response. It begins at once, so that thinking is seen, and a client that leaves is noticed, from the start. */
export function streamedReply(telling: Telling, keepAliveMs: number, leave: () => void): Response {
  const body = eventStream(events(telling), keepAliveMs, leave)
  return new Response(body, { headers: { ...eventStreamHeaders, ...reportHeaders(telling.recipe, telling.id) } })
}

/** Every event of the response. A failure is an error event, and `[DONE]` after it so that no client waits on. */
async function* events(telling: Telling): AsyncGenerator<string> {
  try {
    yield* chunks(telling)
  } catch (error) {
    yield event(failureOf(error).body)
  }
  yield 'data: [DONE]\n\n'
}

async function* chunks({ speech, id, model, recipe, think, n, includeUsage }: Telling): AsyncGenerator<string> {
  const head = {
    id: `chatcmpl-${id}`,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model,
  }
  const chunk = (index: number, delta: object, finish: string | null = null, more: object = {}) =>
    event({
      ...head,
      choices: [{ index, delta, finish_reason: finish, ...more }],
      ...(includeUsage ? { usage: null } : {}),
    })

  yield chunk(0, { role: 'assistant', content: '' })
  const written = deltas(think)
  for await (const piece of speech.pieces) {
    const delta = written(piece)
    if (delta) yield chunk(0, delta)
  }
  const completion = await speech.completion
  const report = { mull: reportOf(speech, recipe, id, completion) }
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

/**
 * Pieces as deltas of the first choice; in the form of tags the block is opened and closed around the thinking, and what
 * is thought once the answer has begun has no place any more.
 */
function deltas(form: Telling['think']): (piece: Piece) => object | undefined {
  let state: 'before' | 'inside' | 'after' = 'before'
  return ({ type, text }) => {
    if (form !== 'tags') {
      if (type === 'text') return { content: text }
      const fields = thinkingFields(form, text)
      return Object.keys(fields).length > 0 ? fields : undefined
    }
    const before = state
    if (type === 'thinking') {
      if (before === 'after') return undefined
      state = 'inside'
      return { content: before === 'before' ? `<think>\n${text}` : text }
    }
    state = 'after'
    return { content: before === 'inside' ? `\n</think>\n\n${text}` : text }
  }
}
