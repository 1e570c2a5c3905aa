import { isObject } from '#answers'
import { BadRecipe, type Completion, MullError, type Prompt, type Votes } from '#core'
import type { Answered, Contestant } from './contestant.ts'

type Send = (path: string, body: object, signal: AbortSignal) => Promise<Response>

/** A recipe that a Mull elsewhere is asked for. What it draws it keeps to itself, so nothing is shared. */
export const contestantThere = (send: Send, model: string, recipe: string): Contestant => {
  const name = `${model}+${recipe}`
  return {
    name,
    model,
    recipe,
    text: name,
    async answer(prompt, signal) {
      const began = performance.now()
      const reply = await send('/chat/completions', bodyOf(name, prompt), signal)
      const body: unknown = await reply.json().catch(() => undefined)
      if (!reply.ok) throw refusalIn(body, reply.status)
      return { ...answeredIn(body), ms: Math.round(performance.now() - began) }
    },
  }
}

const bodyOf = (model: string, { messages, temperature, seed, rest }: Prompt) => ({
  ...rest,
  model,
  messages,
  temperature,
  seed,
  mull: { think: 'reasoning_content' },
})

function refusalIn(body: unknown, status: number): MullError {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {}
  const message = String(error['message'] ?? `The answer is an error (HTTP ${status}) that says nothing.`)
  return error['code'] === 'invalid_recipe' ? new BadRecipe(message) : new MullError('refused', message, status)
}

type Reply = {
  readonly choices: readonly [{ readonly message: Record<string, unknown>; readonly finish_reason?: string }]
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number }
  readonly mull?: { readonly calls: number; readonly cost?: number } & Partial<Votes>
}

function answeredIn(body: unknown): Omit<Answered, 'ms'> {
  const { choices, usage, mull } = body as Reply
  if (!mull || !choices?.[0])
    throw new MullError(
      'no_mull',
      'What answers there is no Mull: give its address as --upstream, and Mull goes before it.',
      404,
    )
  const { content, reasoning_content: thinking, tool_calls: toolCalls } = choices[0].message
  const completion: Completion = {
    text: typeof content === 'string' ? content : '',
    finish: choices[0].finish_reason === 'length' ? 'length' : 'stop',
    ...(typeof thinking === 'string' ? { thinking } : {}),
    ...(Array.isArray(toolCalls) ? { toolCalls } : {}),
  }
  const { votes, abstained = 0, agreement = 0, cost } = mull
  const counted = votes?.map((vote) => ({ ...vote, weight: vote.count }))
  return {
    completion,
    calls: mull.calls,
    usage: {
      input: usage?.prompt_tokens ?? 0,
      output: usage?.completion_tokens ?? 0,
      ...(cost === undefined ? {} : { cost }),
    },
    ...(counted ? { votes: { votes: counted, abstained, agreement } } : {}),
  }
}
