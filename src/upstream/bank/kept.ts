import { canonicalJson } from '#answers'
import type { Completion, Prompt } from '#core'

/** A sample, and the how-manieth of its prompt it was in its request. */
type Kept = { readonly at: number; readonly sample: Completion }

/** Fields of a request that cannot change what is answered: they are about accounts, bills and places. */
const changesNothing = new Set([
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'service_tier',
  'store',
  'user',
])

/** What of a request can change its answer. */
const whatMatters = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => !changesNothing.has(field)))

/** The same for prompts to which the same samples are answers. */
export const sameAnswers = (prompt: Prompt): string =>
  canonicalJson({ ...prompt, rest: whatMatters(prompt.rest ?? {}) })

/** One that was cut off or filtered is worth another try, and so is one without the log-probabilities it was asked for. */
export const isWorthKeeping = ({ finish, choiceExtra }: Completion, { rest = {} }: Prompt): boolean =>
  (finish === 'stop' || finish === 'tool_calls') && (!rest['logprobs'] || Boolean(choiceExtra?.['logprobs']))

export const written = (kept: Kept): string => JSON.stringify(kept)

/** Samples in the order of their draws; what cannot be read is none. */
export const readKept = (texts: readonly string[]): Completion[] =>
  texts
    .flatMap(read)
    .sort((a, b) => a.at - b.at)
    .map(({ sample }) => sample)

function read(text: string): readonly Kept[] {
  try {
    const kept: Kept = JSON.parse(text)
    return typeof kept.sample.text === 'string' ? [kept] : []
  } catch {
    return []
  }
}
