import * as z from 'zod'
import type { Prompt } from '#core'
import type { Asked, Body } from '../../door.ts'
import type { ThinkForm } from '../../engine.ts'
import { common, type MullExtension, maybe, readBy, settings, stops } from '../../request.ts'
import { untranslatable } from '../parts.ts'

/** The fields of a legacy completion request that chat completions do not have, or have in another form. */
const request = z.looseObject({
  ...common,
  prompt: z.union([
    z.string(),
    z
      .array(z.union([z.string(), z.number(), z.array(z.number())]))
      .min(1)
      .max(128),
  ]),
  stream_options: maybe(z.looseObject({ include_usage: maybe(z.boolean()) })),
  n: maybe(z.int().min(1).max(128)),
  best_of: maybe(z.int()),
  max_tokens: maybe(z.int().positive()),
  stop: maybe(z.union([z.string(), stops])),
  echo: maybe(z.boolean()),
  suffix: maybe(z.string()),
  logprobs: maybe(z.int()),
})

export type CompletionsForm = { readonly includeUsage: boolean; readonly prompts: number }

export function readCompletions(
  body: Body,
  extension: MullExtension | undefined,
  think: ThinkForm,
): Asked<CompletionsForm> {
  const fields = readBy(request, body)
  const { model: _model, mull: _mull, prompt, stream, stream_options, n = 1, max_tokens, ...further } = fields
  const { temperature, seed, stop, best_of, echo, suffix, logprobs, ...rest } = further
  if (echo) throw untranslatable('echo', 'a chat does not repeat its prompt.')
  if (suffix) throw untranslatable('suffix', 'a chat has no text after its answer.')
  if (logprobs !== undefined) throw untranslatable('logprobs', 'ask for them at /v1/chat/completions.')
  if (best_of !== undefined && best_of > n)
    throw untranslatable('best_of', `add +best-of-n@${best_of} to the model’s name instead.`)
  const asking = (content: string): Prompt => ({
    messages: [{ role: 'user', content }],
    rest,
    ...settings({ temperature, seed, stop: typeof stop === 'string' ? [stop] : stop }),
    ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
  })
  const [first, ...others] = textsOf(prompt).map(asking)
  return {
    prompt: first!,
    ...(others.length > 0 ? { further: others } : {}),
    stream: stream ?? false,
    n,
    think: (extension?.think ?? think) === 'tags' ? 'tags' : 'none',
    form: { includeUsage: stream_options?.include_usage ?? false, prompts: others.length + 1 },
  }
}

function textsOf(prompt: z.output<typeof request>['prompt']): readonly string[] {
  const texts = typeof prompt === 'string' ? [prompt] : prompt
  return texts.map((text) => {
    if (typeof text === 'string') return text
    throw untranslatable('prompt', 'a chat is asked in words, not in tokens.')
  })
}
