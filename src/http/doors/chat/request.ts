import * as z from 'zod'
import type { Asked, Body } from '../../door.ts'
import type { ThinkForm } from '../../engine.ts'
import { common, type MullExtension, maybe, readBy, settings, stops } from '../../request.ts'

/** The fields of a chat request that a recipe acts on; every other goes to the upstream as it is. */
const request = z.looseObject({
  ...common,
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream_options: maybe(z.looseObject({ include_usage: maybe(z.boolean()) })),
  n: maybe(z.int().min(1).max(128)),
  stop: maybe(z.union([z.string(), stops])),
})

export type ChatForm = { readonly includeUsage: boolean }

export function readChat(body: Body, extension: MullExtension | undefined, think: ThinkForm): Asked<ChatForm> {
  const fields = readBy(request, body)
  const { model: _model, mull: _mull, messages, stream, stream_options, n, temperature, seed, stop, ...rest } = fields
  return {
    prompt: { messages, rest, ...settings({ temperature, seed, stop: typeof stop === 'string' ? [stop] : stop }) },
    stream: stream ?? false,
    n: n ?? 1,
    think: extension?.think ?? think,
    form: { includeUsage: stream_options?.include_usage ?? false },
  }
}
