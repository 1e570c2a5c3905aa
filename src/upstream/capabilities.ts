import { LRUCache } from 'lru-cache'
import { type Capability, capabilities, type Scope } from '#core'
import { type Prefill, prefills } from './prefill.ts'

/** Whether a model can do something, asked from a scope that pays if finding out takes a request. */
export type Can = (capability: Capability, scope: Scope) => Promise<boolean>

/** What a model can do as far as is known; of `prefill` also how it is asked for. */
export type Known = { readonly [C in Capability]?: C extends 'prefill' ? Prefill | false : boolean }

/** What was learned about one model of an upstream by asking it. Best effort: each process learns for itself. */
export type Learned = {
  /** The most completions one request may ask for; 1 where `n` is refused or ignored. */
  most: number
  /** The most completions one request gave. */
  gave: number
  /** Whether `stream_options` is understood. */
  countsStreams: boolean
  /** Whether a closing think tag was seen without an opening one: the chat template opens the block. */
  opensThinking: boolean
  /** What the operator, the upstream's own list of models, or a probe says. */
  can: Known
  /** Probes under way. */
  readonly probes: Map<Capability, Probe>
}

export type Probe = { readonly scope: Scope; readonly found: Promise<boolean> }

export type Memory = {
  /** What is learned of a model from now on. */
  of(model: string): Learned
  /** What is known of a model's capabilities, without a beginning to learn. */
  peek(model: string): Known
}

/** What is known of each model by name; bounded, because names come from clients. `can`: what the operator says of all. */
export function memory(can: Known): Memory {
  const learned = new LRUCache<string, Learned>({ max: 1000 })
  return {
    of(model) {
      const known = learned.get(model) ?? unknown(model, can)
      learned.set(model, known)
      return known
    },
    peek(model) {
      const known = learned.peek(model)
      return known ? knownOf(known) : can
    },
  }
}

/** That one request gave several completions tells as much as a probe. */
export function knownOf({ most, gave, can }: Learned): Known {
  if (can.n !== undefined) return can
  if (gave > 1) return { ...can, n: true }
  return most === 1 ? { ...can, n: false } : can
}

/** What an entry of a list of models says in `mull.can`: a Mull knows its models, and so does the built-in one. */
export function toldBy(entry: Readonly<Record<string, unknown>> | undefined): Known {
  const told = (entry?.['mull'] as { can?: Readonly<Record<string, unknown>> } | undefined)?.can ?? {}
  const isTold = (name: Capability) =>
    told[name] === false || (name === 'prefill' ? prefills.includes(told[name] as Prefill) : told[name] === true)
  return Object.fromEntries(capabilities.filter(isTold).map((name) => [name, told[name]]))
}

/**
 * "logprobs,prefill:vllm,-n": what the operator says that the upstream can do, and with a minus what it cannot. Throws an
 * Error for a word that is none of these.
 */
export function readCan(words: readonly string[]): Known {
  return Object.fromEntries(
    words.map((word) => {
      const [, minus, name, how] = /^(-?)(\w+)(?::(\w+))?$/.exec(word) ?? []
      const isKnown = capabilities.includes(name as Capability)
      const isHow = how === undefined || (name === 'prefill' && !minus && prefills.includes(how as Prefill))
      if (!isKnown || !isHow) throw new Error(`"${word}" is none of ${allowed}`)
      if (minus) return [name, false]
      return [name, name === 'prefill' ? (how ?? 'vllm') : true]
    }),
  )
}

const allowed = `${capabilities.join(', ')}, with a minus before what cannot be done, or prefill:${prefills.join(', prefill:')}`

/** The name alone tells which models are served with R1's template; what is seen overrules it. */
const unknown = (model: string, can: Known): Learned => ({
  most: can.n === false ? 1 : Infinity,
  gave: 0,
  countsStreams: true,
  opensThinking: /\b(r1|qwq|thinking)\b/i.test(model),
  can,
  probes: new Map(),
})
