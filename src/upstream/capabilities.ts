import { LRUCache } from 'lru-cache'

/** What was learned about one model of an upstream by asking it. Best effort: each process learns for itself. */
export type Capabilities = {
  /** The most completions one request gave; 1 where `n` is refused or ignored. */
  most: number
  /** Whether `stream_options` is understood. */
  countsStreams: boolean
  /** Whether a closing think tag was seen without an opening one: the chat template opens the block. */
  opensThinking: boolean
}

/** What is known of each model by name; bounded, because names come from clients. */
export function capabilityMemory(): (model: string) => Capabilities {
  const known = new LRUCache<string, Capabilities>({ max: 1000 })
  return (model) => {
    const capabilities = known.get(model) ?? unknown(model)
    known.set(model, capabilities)
    return capabilities
  }
}

/** The name alone tells which models are served with R1's template; what is seen overrules it. */
const unknown = (model: string): Capabilities => ({
  most: Infinity,
  countsStreams: true,
  opensThinking: /\b(r1|qwq|thinking)\b/i.test(model),
})
