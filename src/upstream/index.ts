import { type Model, metered, over } from '#core'
import { cached, store } from './cached.ts'
import { capabilityMemory } from './capabilities.ts'
import { coalesced } from './coalesced.ts'
import { type Caller, ownerOf, relayed, sampled } from './headers.ts'
import { limited, limiter, queued } from './limited.ts'
import { type ModelEntry, modelList } from './models.ts'
import { openai } from './openai.ts'
import type { Relayed, Transport } from './transport.ts'

export type { Caller } from './headers.ts'
export type { ModelEntry } from './models.ts'

export type UpstreamOptions = {
  readonly transport: Transport
  /** How many completions may be under way at once, over all requests or in each (see `isolated`). */
  readonly concurrency: number
  /**
   * For a runtime where requests must not wait for each other (Workers): limits hold for each request by itself, and so
   * many of its calls may wait for response headers at once.
   */
  readonly isolated?: { readonly waiting: number }
  readonly retries: number
  readonly backoffMs: number
  /** Tokens added to every limit, for a model whose thinking counts against it. */
  readonly thinkingTokens: number
  readonly limitField: 'max_tokens' | 'max_completion_tokens'
  /** Whether the chat template opens the thinking; undefined finds out by itself. */
  readonly prefilled?: boolean
  /** How many completions to remember; 0 is none. */
  readonly cacheEntries: number
}

/** Where completions come from. */
export type Upstream = {
  /** The leaf of every strategy: a bare model of the upstream, asked on behalf of one caller. */
  model(name: string, caller: Caller): Model
  /** Hands a request through untouched, and its reply back. `path` follows `/v1`, query string included. */
  relay(request: Omit<Relayed, 'headers'>, caller: Caller): Promise<Response>
  /** What the upstream lists. Rejects with its own error. */
  models(caller: Caller): Promise<readonly ModelEntry[]>
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { transport, prefilled, isolated } = options
  const shared = lane()
  const lanes = new WeakMap<Caller, ReturnType<typeof lane>>()
  const completions = store(options.cacheEntries)
  const learned = capabilityMemory()
  const think = prefilled === undefined ? {} : { prefilled }

  return {
    model(name, caller) {
      const can = learned(name)
      const { slot, transport } = laneOf(caller)
      const ask = openai({ ...options, transport, model: name, headers: sampled(caller), can, think })
      return over(coalesced(ask, can), cached(completions, `${ownerOf(caller)}\n${name}`), limited(slot), metered(name))
    },
    relay(request, { key }) {
      return transport.relay({ ...request, headers: (client) => relayed(client, key) })
    },
    models: modelList(transport),
  }

  function lane() {
    const slot = limiter(options.concurrency)
    return { slot, transport: isolated ? queued(limiter(isolated.waiting), transport) : transport }
  }

  function laneOf(caller: Caller) {
    if (!isolated) return shared
    const own = lanes.get(caller) ?? lane()
    lanes.set(caller, own)
    return own
  }
}
