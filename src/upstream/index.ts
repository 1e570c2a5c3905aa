import { type Model, over, reserved, type Strategy, spanned, type Usage } from '#core'
import type { BankOptions } from './bank/bank.ts'
import { asItIs, banking, type Reuse } from './bank/banked.ts'
import { type Can, type Known, memory, toldBy } from './capabilities.ts'
import { coalesced } from './coalesced.ts'
import { type Asked, askedIn, type Counted, countedRelay } from './counted-relay.ts'
import type { Effort } from './effort.ts'
import { type Caller, relayed, sampled } from './headers.ts'
import { hedged } from './hedging/hedged.ts'
import { type Lacking, lacking } from './lacking.ts'
import { limited, limiter } from './limited.ts'
import { type ModelEntry, modelList } from './models.ts'
import { openai, type Price } from './openai.ts'
import { continuing } from './prefill.ts'
import { probed } from './probed.ts'
import { redrawn } from './redrawn.ts'
import { RetryBudget } from './retry.ts'
import type { Spreading } from './spread.ts'
import type { Pair, Relayed, Transport } from './transport.ts'

export type { Caller } from './headers.ts'
export type { ModelEntry } from './models.ts'

export type UpstreamOptions = {
  readonly transport: Transport
  /** How many completions may be under way at once, over all requests or in each (see `isolated`). */
  readonly concurrency: number
  /**
   * For a runtime where requests must not wait for each other (Workers): limits hold for each request by itself, and its
   * calls are spread like this.
   */
  readonly isolated?: Spreading
  readonly retries: number
  readonly backoffMs: number
  /** Tokens added to every limit, for a model whose thinking counts against it. */
  readonly thinkingTokens: number
  readonly limitField: 'max_tokens' | 'max_completion_tokens'
  /** Whether the chat template opens the thinking; undefined finds out by itself. */
  readonly prefilled?: boolean
  /** Where samples are kept for other requests; none by default. */
  readonly bank?: BankOptions
  /** How it is told how long to think; default reasoning_effort. */
  readonly effort?: Effort
  /** What the operator says that its models can do. */
  readonly can?: Known
  /** What goes around each model by name: the bank that an evaluation draws from. What it has takes nobody's turn. */
  readonly around?: (model: string) => Strategy
  /** Puts a price on what a model took, where it has one. */
  readonly price?: (model: string) => Price
}

/** Where completions come from. */
export type Upstream = {
  /** The leaf of every strategy: a bare model of the upstream, asked on behalf of one caller. Without `reuse` it has no bank. */
  model(name: string, caller: Caller, reuse?: Reuse): Model
  /** Finds out what a model can do, on behalf of one caller. */
  can(name: string, caller: Caller): Can
  /** What is known so far of what a model can do. */
  known(name: string): Known
  /**
   * Hands a request through untouched but for the key (see Caller), and its reply back, or undefined for one that is
   * declined. `path` follows `/v1`, query string included.
   */
  relay(request: Unsigned, key: Caller['key']): Promise<Response | undefined>
  /** Paths that it is known not to serve. */
  readonly lacking: Lacking
  /** What the upstream lists. Rejects with its own error. */
  models(caller: Caller): Promise<readonly ModelEntry[]>
}

type Unsigned = Omit<Relayed, 'headers' | 'key'> & {
  /** Headers that take the place of the client's own of these names. */
  readonly carried?: Readonly<Record<string, string>> | undefined
  /** Where it matters what it comes to. */
  readonly counted?: Counted | undefined
  /** What its body has in it, where that was read before. */
  readonly fields?: Asked
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { transport, prefilled, isolated, around = () => (model) => model, price = () => (usage) => usage } = options
  const shared = lane()
  const lanes = new WeakMap<Caller, ReturnType<typeof lane>>()
  const bankOf = banking(options.bank)
  const known = memory(options.can ?? {})
  const think = prefilled === undefined ? {} : { prefilled }
  const models = modelList(transport)
  const budget = new RetryBudget()

  return {
    model(name, caller, reuse) {
      const turn = limited(laneOf(caller).slot)
      return over(
        bare(name, caller),
        redrawn(options.retries, budget),
        hedged(name, turn),
        turn,
        around(name),
        continuing(name, can(name, caller)),
        reserved,
        reuse ? bankOf(name, caller, reuse) : asItIs,
        spanned(name),
      )
    },
    can,
    known: known.peek,
    relay(request, key) {
      const { carried, counted } = request
      const whole = { ...request, key, headers: (client: Iterable<Pair>) => relayed(client, key, carried) }
      if (!counted) return transport.relay(whole)
      const asked = request.fields ?? askedIn(whole)
      const model = String(asked?.['model'] ?? '')
      const book = (usage: Usage) => counted.book(price(model)(usage))
      return countedRelay(transport, whole, asked, { ...counted, book }, known.of(model))
    },
    models,
    lacking: lacking(),
  }

  function bare(name: string, caller: Caller, thinkingTokens = options.thinkingTokens): Model {
    const learned = known.of(name)
    const { transport } = laneOf(caller)
    const headers = sampled(caller)
    return coalesced(
      openai({
        ...options,
        price: price(name),
        budget,
        thinkingTokens,
        transport,
        model: name,
        headers,
        learned,
        think,
      }),
      learned,
      transport.shares,
    )
  }

  function can(name: string, caller: Caller): Can {
    return probed({
      name,
      model: limited(laneOf(caller).slot)(bare(name, caller, 0)),
      learned: known.of(name),
      effort: options.effort ?? 'reasoning_effort',
      isolated: isolated !== undefined,
      told: async () => {
        const listed = await models(caller).catch(() => [])
        return toldBy(listed.find(({ id }) => id === name))
      },
    })
  }

  function lane(spread = (transport: Transport) => transport) {
    return { slot: limiter(options.concurrency), transport: spread(transport) }
  }

  function laneOf(caller: Caller) {
    if (!isolated) return shared
    const own = lanes.get(caller) ?? lane(isolated(caller.request ?? caller))
    lanes.set(caller, own)
    return own
  }
}
