import type { Ask } from './ask.ts'
import { card } from './card.ts'
import type { TokenLogprob } from './logprobs.ts'
import type { Piece } from './sample.ts'

/** Tokens of a request: of its prompt, and chosen so far. */
export type Count = { readonly prompt: number; completion: number }

const envelope = (object: string) => ({
  id: `chatcmpl-${crypto.randomUUID()}`,
  object,
  created: Math.floor(Date.now() / 1000),
  model: card.id,
  system_fingerprint: 'tiny-r1',
})

const usageOf = ({ prompt, completion }: Count) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
})

/** The whole completion as one JSON body. */
export async function completion(pieces: AsyncIterable<readonly Piece[]>, count: Count, ask: Ask): Promise<Response> {
  const said = Array.from({ length: ask.count }, () => ({ content: '', listed: [] as TokenLogprob[], finish: '' }))
  for await (const step of pieces)
    for (const { index, content, logprob, finish } of step) {
      const choice = said[index]!
      count.completion++
      choice.content += content
      if (logprob) choice.listed.push(logprob)
      if (finish) choice.finish = finish
    }
  return Response.json({
    ...envelope('chat.completion'),
    choices: said.map(({ content, listed, finish }, index) => ({
      index,
      message: { role: 'assistant', content },
      logprobs: ask.alternatives === undefined ? null : { content: listed },
      finish_reason: finish,
    })),
    usage: usageOf(count),
  })
}

/** The completion as stream events; what one step of all choices gave goes out together. */
export async function* events(pieces: AsyncGenerator<readonly Piece[]>, count: Count, ask: Ask) {
  const base = envelope('chat.completion.chunk')
  const event = (fields: object) => `data: ${JSON.stringify({ ...base, ...fields })}\n\n`
  const begun = new Set<number>()
  const chunks = ({ index, content, logprob, finish }: Piece): string => {
    const chunk = (delta: object, logprobs: object | null, finish_reason: string | null) =>
      event({ choices: [{ index, delta, logprobs, finish_reason }], ...(ask.usage && { usage: null }) })
    const role = !begun.has(index) && { role: 'assistant' }
    begun.add(index)
    const speaks = role || content !== '' || logprob
    const said = speaks ? chunk({ ...role, content }, logprob ? { content: [logprob] } : null, null) : ''
    return said + (finish ? chunk({}, null, finish) : '')
  }
  for await (const step of pieces) {
    count.completion += step.length
    const text = step.map(chunks).join('')
    if (text) yield text
  }
  if (ask.usage) yield event({ choices: [], usage: usageOf(count) })
  yield 'data: [DONE]\n\n'
}
