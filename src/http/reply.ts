import type { Door, Telling } from './door.ts'
import { answeredBy, reportHeaders } from './report.ts'
import { eventStream, eventStreamHeaders } from './sse.ts'

/** The plain response: everything said, put together. Rejects with what went wrong. */
export async function plainReply<Form>(door: Door<Form>, telling: Telling<Form>): Promise<Response> {
  let thinking = ''
  for await (const { type, text } of telling.pieces) if (type === 'thinking') thinking += text
  const completion = await telling.speech.completion
  const body = door.plain({ ...telling, model: answeredBy(telling) }, { completion, thinking: thinking.trim() })
  return Response.json(body, { headers: reportHeaders(telling, telling.speech) })
}

/** The streamed response. It begins at once, so that thinking is seen, and a client that leaves is noticed, from the start. */
export function streamedReply<Form>(
  door: Door<Form>,
  telling: Telling<Form>,
  keepAliveMs: number,
  leave: () => void,
): Response {
  const body = eventStream(door.events(telling), keepAliveMs, leave)
  return new Response(body, { headers: { ...eventStreamHeaders, ...reportHeaders(telling) } })
}
