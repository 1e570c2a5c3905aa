import { type Config, limitFieldOf, type Upstream as Settings, titleOf } from './config/index.ts'
import { pricesOf } from './gate.ts'
import { bankOf, type Shelves } from './remembered.ts'
import type { Named } from './routing/place.ts'
import { servesOf } from './routing/serves.ts'
import { several } from './routing/several.ts'
import { alone, type Upstreams } from './routing/upstreams.ts'
import { type Caller, createUpstream, type Upstream, type UpstreamOptions } from './upstream/index.ts'
import type { Transport } from './upstream/transport.ts'

/** Where completions come from, as the configuration says. */
export function upstreamsOf(
  config: Config,
  transportOf: (name: string) => Transport,
  shelves: Shelves,
  isolated: UpstreamOptions['isolated'],
  around: UpstreamOptions['around'],
): Upstreams {
  const settings = Object.entries(config.upstreams)
  const only = settings.length === 1
  const all = settings.map(([name, own]): Named => {
    const { concurrency, retries, backoff, dialect, serves } = own
    const upstream = createUpstream({
      transport: transportOf(name),
      concurrency,
      retries,
      backoffMs: backoff,
      thinkingTokens: dialect.thinkingTokens,
      limitField: limitFieldOf(own),
      effort: dialect.effort,
      can: dialect.can,
      ...(dialect.prefilled === undefined ? {} : { prefilled: dialect.prefilled }),
      ...(isolated ? { isolated } : {}),
      ...(around ? { around } : {}),
      ...bankOf(config, own, shelves),
      ...pricesOf(config),
    })
    return {
      name,
      serves: serves && servesOf(serves),
      upstream: carrying(upstream, own.headers),
      ...knownAs(own, only),
    }
  })
  const [first] = all
  const fallsBack = Object.keys(config.fallbacks).length > 0
  if (only && !first!.serves && !fallsBack) return alone(first!)
  return several(all as [Named, ...Named[]], config.fallbacks)
}

/** What the upstreams are called. */
export function titlesOf({ upstreams }: Config, builtIn: string): string {
  const all = Object.entries(upstreams)
  if (all.length === 1) return titleOf(all[0]![1]) ?? builtIn
  return all.map(([name, own]) => `${name} (${titleOf(own) ?? builtIn})`).join(', ')
}

/** An upstream to which headers of the operator's go along, in place of the client's. */
function carrying(upstream: Upstream, headers: Settings['headers']): Upstream {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (Object.keys(own).length === 0) return upstream
  return {
    ...upstream,
    relay: (sent, key) => upstream.relay({ ...sent, carried: { ...sent.carried, ...own } }, key),
  }
}

/**
 * A caller as an upstream is to know it. Each caller stays one and the same, because calls are counted by it. A key of the
 * client's own is told to the only upstream there is, or to one that says so.
 */
function knownAs({ key, clientKey, headers }: Settings, only: boolean): Pick<Named, 'as' | 'keyOf'> {
  const passes = clientKey ?? only
  const keyOf = (caller: Caller) => key ?? (caller.key === undefined && !passes ? null : caller.key)
  const extra = Object.entries(headers)
  if (key === undefined && passes && extra.length === 0) return { keyOf, as: (caller) => caller }
  const known = new WeakMap<Caller, Caller>()
  const as = (caller: Caller) => {
    const met = known.get(caller)
    if (met) return met
    const own = new Headers([...caller.headers])
    for (const [name, value] of extra) own.set(name, value)
    const one = { ...caller, headers: own, key: keyOf(caller), request: caller }
    known.set(caller, one)
    return one
  }
  return { keyOf, as }
}
