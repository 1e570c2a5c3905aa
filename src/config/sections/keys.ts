import * as z from 'zod'
import { section } from '../section.ts'
import { list, whole } from '../values.ts'

const patterns = z.array(z.string().min(1))

const key = z.strictObject({
  /** What it is called in logs and metrics, and by what its use is counted. */
  name: z.string().regex(/^[\w.@-]{1,64}$/, 'it has up to 64 letters, digits and . _ @ -'),
  /** As clients send it, or `sha256:` and its hash, which `mull key` prints. */
  key: z.string().min(1),
  /** Models and aliases it may ask for, with `*` for any characters; without this, all. */
  models: patterns.optional(),
  /** Strategies by their full names, likewise; an empty list leaves bare models. */
  strategies: patterns.optional(),
  /** The most completions that one request may ask for, by `n` or by its recipe. */
  n: whole(1).optional(),
  /** In a minute that moves on with the time. */
  requestsPerMinute: whole(1).optional(),
  /** In and out, of all samples, likewise. */
  tokensPerMinute: whole(1).optional(),
  /** In the currency of `prices`; a day begins at midnight UTC. */
  spendPerDay: z.number().positive().optional(),
  /** Refused from then on: "2027-01-31", or with a time. */
  expires: z
    .union([z.string(), z.date()])
    .transform((date) => new Date(date))
    .refine((date) => !Number.isNaN(date.getTime()), 'it is no date such as 2027-01-31')
    .optional(),
})

/**
 * Keys that clients must come with; they never go upstream. None lets everybody in.
 * @example [{ name: 'ci', key: 'sha256:…', models: ['deepseek-*'], n: 16, requestsPerMinute: 60, spendPerDay: 5 }]
 */
export const keys = section(
  z
    .array(z.union([z.string().min(1), key], 'it is neither a key nor { name, key, … }'))
    .default([])
    .transform((given) => given.map((key, at) => (typeof key === 'string' ? { name: `key-${at + 1}`, key } : key)))
    .refine((named) => new Set(named.map(({ name }) => name)).size === named.length, 'two keys have the same name'),
  { MULL_API_KEYS: ['keys', readKeys] },
)

/** Keys between commas, or JSON that says more of each. */
function readKeys(text: string): unknown {
  return /^\s*\[/.test(text) ? JSON.parse(text) : list(text)
}
