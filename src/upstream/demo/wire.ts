import type { Card } from '../served/routes.ts'
import type { Ask } from './ask.ts'
import { type Generated, tokens } from './tokens.ts'

/** The one model. */
export const model: Card = {
  id: 'demo',
  object: 'model',
  created: 1737331200,
  owned_by: 'mull-simulation',
  mull: { can: { n: true, logprobs: false, prefill: false, effort: false, tools: false } },
}

const envelope = (object: string) => ({
  id: `chatcmpl-${crypto.randomUUID()}`,
  object,
  created: Math.floor(Date.now() / 1000),
  model: model.id,
  system_fingerprint: 'simulation',
})

const usage = ({ messages }: Ask, choices: readonly Generated[]) => {
  const prompt_tokens = tokens(messages.map(({ text }) => text).join('\n')).length
  const completion_tokens = choices.flatMap(({ pieces }) => pieces).length
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
}

/** The whole completion as one JSON body. */
export const completion = (ask: Ask, choices: readonly Generated[]): Response =>
  Response.json({
    ...envelope('chat.completion'),
    choices: choices.map(({ pieces, finish_reason }, index) => ({
      index,
      message: { role: 'assistant', content: pieces.join('') },
      finish_reason,
    })),
    usage: usage(ask, choices),
  })

/** The completion as stream events, one token each. Nothing takes time, so they all come at once. */
export const stream = (ask: Ask, choices: readonly Generated[]): Response => {
  const choice = (index: number, delta: object, finish_reason: string | null) => ({
    choices: [{ index, delta, finish_reason }],
    ...(ask.usage && { usage: null }),
  })
  const chunks = choices.flatMap(({ pieces, finish_reason }, index) => [
    choice(index, { role: 'assistant', content: '' }, null),
    ...pieces.map((content) => choice(index, { content }, null)),
    choice(index, {}, finish_reason),
  ])
  const head = envelope('chat.completion.chunk')
  const all = ask.usage ? [...chunks, { choices: [], usage: usage(ask, choices) }] : chunks
  const events = [...all.map((chunk) => JSON.stringify({ ...head, ...chunk })), '[DONE]']
  return new Response(events.map((data) => `data: ${data}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  })
}
