import * as z from 'zod'
import { readCan } from '../../upstream/capabilities.ts'
import { efforts } from '../../upstream/effort.ts'
import { prefills } from '../../upstream/prefill.ts'
import { addresses } from '../addresses.ts'
import { section } from '../section.ts'
import { flag, headers, list, number, whole } from '../values.ts'

const able = z.exactOptional(z.boolean())

const upstream = z.strictObject({
  /**
   * Where it is; a bare host means its `/v1`. Several servers of the same models are a list, each with a weight, a key
   * and headers of its own where they differ: `{ url, weight, key, headers }`. Without one the built-in model answers.
   * @example 'http://localhost:8000/v1'
   */
  url: addresses.optional(),
  /**
   * The key to ask it with; without one the client's own is passed on.
   * @example 'sk-…'
   */
  key: z.string().optional(),
  /**
   * Whether the client's own key is passed on where there is none here. By default where this is the only upstream: a key
   * that is meant for one is not told to another.
   * @example true
   */
  clientKey: z.boolean().optional(),
  /** Headers of yours that go along with every call, in place of the client's of the same name. */
  headers: headers.default({}),
  /**
   * The models that it serves: names, in which `*` stands for anything, or what it calls them instead by the name that
   * clients use. Without it those that it lists, or all if this is the only one without it.
   * @example { 'gpt-4o': 'gpt-4o-2024-08-06', 'o*': 'o*' }
   */
  serves: z.union([z.array(z.string().min(1)), z.record(z.string().min(1), z.string().min(1))]).optional(),
  /** How many completions may be under way at once (on Workers in each request): what a server of your own serves well. */
  concurrency: whole(1).default(64),
  /**
   * How many requests a minute it takes, as each process counts them, and how many may wait for their turn before the next
   * is a 429; unlimited by default.
   * @example { perMinute: 500, waiting: 100 }
   */
  rate: z.strictObject({ perMinute: whole(1), waiting: whole(1).default(100) }).optional(),
  /** Further attempts after 408, 429, 5xx and broken connections, never after the first token. */
  retries: whole(0, 10).default(2),
  /** Milliseconds before the first of them, doubled and jittered; `retry-after` is obeyed. */
  backoff: whole(0).default(500),
  /** In milliseconds. A model that thinks for long may be silent for as long. */
  timeouts: z
    .strictObject({
      /** Until there is a connection, its encryption included (Node). */
      connect: whole(1).default(10_000),
      /**
       * Until the first byte of a reply. On Workers a relay has the platform's own limits, unless this or `idle` is less than
       * by default.
       */
      firstByte: whole(1).default(300_000),
      /**
       * From the first byte to the first token, where a server answers at once and then waits for its turn; by default as
       * `firstByte`, but no more than five times `idle`.
       * @example 300_000
       */
      firstToken: whole(1).optional(),
      /** How long a reply that has begun may be silent; it ends as a failed sample, or breaks off where it is relayed. */
      idle: whole(1).default(60_000),
      /** For a whole reply, likewise. */
      total: whole(1).default(3_600_000),
    })
    .prefault({}),
  /** What is peculiar to a server or its models. What is left out is found out where it can be. */
  dialect: z
    .strictObject({
      /** How it is told how long to think. */
      effort: z.enum(efforts).default('reasoning_effort'),
      /**
       * The field for a limit of ours; without it by the address, `max_completion_tokens` for OpenAI's.
       * @example 'max_tokens'
       */
      limitField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
      /** Added to every token limit, for a model whose thinking counts against it. */
      thinkingTokens: whole(0).default(0),
      /**
       * Whether the chat template opens the thinking, as R1's does.
       * @example true
       */
      prefilled: z.boolean().optional(),
      /**
       * What its models can do, and what they cannot.
       * @example { n: true, logprobs: true, prefill: 'vllm', effort: false, tools: true }
       */
      can: z
        .strictObject({
          n: able,
          logprobs: able,
          prefill: z.exactOptional(z.union([z.enum(prefills), z.literal(false)])),
          effort: able,
          tools: able,
        })
        .default({}),
    })
    .prefault({}),
})

export type Upstream = z.output<typeof upstream>

/** Where models are asked, each by a name of your own. UPSTREAM_* variables are about the one called main, or the only one. */
export const upstreams = section(
  z
    .record(z.string().regex(/^[\w.-]+$/, 'a name has letters, digits, dots and hyphens'), upstream)
    .refine((named) => Object.keys(named).length > 0, 'name one at least, or leave it out')
    .prefault({ main: {} }),
  {
    UPSTREAM_BASE_URL: ['upstreams.main.url'],
    UPSTREAM_API_KEY: ['upstreams.main.key'],
    UPSTREAM_TIMEOUT_MS: ['upstreams.main.timeouts.firstByte', number],
    UPSTREAM_IDLE_MS: ['upstreams.main.timeouts.idle', number],
    UPSTREAM_TOTAL_MS: ['upstreams.main.timeouts.total', number],
    UPSTREAM_CONCURRENCY: ['upstreams.main.concurrency', number],
    UPSTREAM_RETRIES: ['upstreams.main.retries', number],
    UPSTREAM_BACKOFF_MS: ['upstreams.main.backoff', number],
    UPSTREAM_THINKING_TOKENS: ['upstreams.main.dialect.thinkingTokens', number],
    UPSTREAM_LIMIT_FIELD: ['upstreams.main.dialect.limitField'],
    UPSTREAM_PREFILLED: ['upstreams.main.dialect.prefilled', flag],
    UPSTREAM_EFFORT: ['upstreams.main.dialect.effort'],
    UPSTREAM_CAN: ['upstreams.main.dialect.can', (text) => readCan(list(text))],
  },
)
