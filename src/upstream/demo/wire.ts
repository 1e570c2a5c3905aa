import type { Card } from '../served/routes.ts'
import type { Ask } from './ask.ts'
import { type Generated, tokens } from './tokens.ts'

/** The one model. */
export const model: Card = { id: 'demo', object: 'model', created: 1737331200, owned_by: 'mull-simulation' }

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

/** The completion as stream events, one token each; the choices take turns. */
export function* events(ask: Ask, choices: readonly Generated[]): Generator<string> {
  const base = envelope('chat.completion.chunk')
  const event = (fields: object) => `data: ${JSON.stringify({ ...base, ...fields })}\n\n`
  const chunk = (index: number, delta: object, finish_reason: string | null) =>
    event({ choices: [{ index, delta, finish_reason }], ...(ask.usage && { usage: null }) })
  const longest = Math.max(...choices.map(({ pieces }) => pieces.length))
  for (let turn = 0; turn <= longest; turn += 1)
    for (const [index, { pieces, finish_reason }] of choices.entries()) {
      const content = pieces[turn]
      const role = turn === 0 && { role: 'assistant' }
      if (content !== undefined) yield chunk(index, { ...role, content }, null)
      else if (turn === pieces.length) yield chunk(index, {}, finish_reason)
    }
  if (ask.usage) yield event({ choices: [], usage: usage(ask, choices) })
  yield 'data: [DONE]\n\n'
}
