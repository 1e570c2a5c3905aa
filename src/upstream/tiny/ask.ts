import { invalid, refusal, unknownModel } from '../served/refusal.ts'
import { type Turn, turnsOf } from '../served/turns.ts'
import { card } from './card.ts'
import type { Taste } from './sampler.ts'

/** What a chat completion request asks for, with defaults filled in. */
export type Ask = Taste & {
  readonly turns: readonly Turn[]
  /** Whether the last turn is the beginning of the reply. */
  readonly continues: boolean
  /** How many choices to make, 1 to 128. */
  readonly count: number
  readonly stream: boolean
  /** Whether a stream ends with a usage chunk. */
  readonly usage: boolean
  /** The most tokens of a choice, thinking included; infinite if not set. */
  readonly limit: number
  readonly stops: readonly string[]
  readonly seed: number | undefined
  /** How many alternatives to list with each token's log probability; undefined for no such list at all. */
  readonly alternatives: number | undefined
}

type Body = { readonly [field: string]: unknown }

const numeric = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most

const whole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && numeric(value, least, most)

const isOn = (value: unknown) => value === true

/** Reads the body of a chat completion request, or refuses it. What it cannot do and was not told to, it ignores. */
export function read(json: unknown): Ask | Response {
  const body = (typeof json === 'object' && json !== null ? json : {}) as Body
  const or = (field: string, otherwise: unknown) => body[field] ?? otherwise
  const turns = turnsOf(body['messages'])
  if (turns === null) return invalid('messages')
  const model = or('model', card.id)
  if (model !== card.id) return unknownModel(String(model))

  const count = or('n', 1)
  const limit = or('max_completion_tokens', or('max_tokens', Infinity))
  const temperature = or('temperature', 0.8)
  const topP = or('top_p', 1)
  const topK = or('top_k', 0)
  const seed = or('seed', undefined)
  const alternatives = or('top_logprobs', 0)
  const stops = [or('stop', [])].flat()
  if (!whole(count, 1, 128)) return invalid('n')
  if (limit !== Infinity && !whole(limit, 1, Number.MAX_SAFE_INTEGER)) return invalid('max_tokens')
  if (!numeric(temperature, 0, 2)) return invalid('temperature')
  if (!numeric(topP, 0, 1)) return invalid('top_p')
  if (!whole(topK, -1, Number.MAX_SAFE_INTEGER)) return invalid('top_k')
  if (seed !== undefined && !whole(seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) return invalid('seed')
  if (!whole(alternatives, 0, 20)) return invalid('top_logprobs')
  if (alternatives > 0 && !isOn(body['logprobs']))
    return refusal(400, "'top_logprobs' needs 'logprobs' to be true.", 'top_logprobs')
  if (!stops.every((stop) => typeof stop === 'string')) return invalid('stop')

  const continues = continuing(body)
  if (continues && turns.at(-1)!.role !== 'assistant')
    return refusal(400, 'Only a last message of the assistant can be continued.', 'messages')
  if (continues && isOn(body['add_generation_prompt']))
    return refusal(400, "'add_generation_prompt' must be false to continue a message.", 'add_generation_prompt')

  return {
    turns,
    continues,
    count,
    stream: isOn(body['stream']),
    usage: isOn((body['stream_options'] as Body | null | undefined)?.['include_usage']),
    limit: limit as number,
    stops: stops.filter((stop) => stop !== ''),
    seed,
    temperature,
    topP,
    topK: Math.max(0, topK),
    alternatives: isOn(body['logprobs']) ? alternatives : undefined,
  }
}

/** vLLM's way to ask for it, and that of DeepSeek and Mistral. */
const continuing = (body: Body): boolean =>
  isOn(body['continue_final_message']) || isOn((body['messages'] as Body[]).at(-1)?.['prefix'])
