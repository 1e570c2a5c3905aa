import * as z from 'zod'
import { messageOf } from '#core'
import { thinkForms } from './http/engine.ts'
import { rewardKinds } from './scorers/reward-forms.ts'
import { type Known, readCan } from './upstream/capabilities.ts'
import { efforts } from './upstream/effort.ts'
import type { Address } from './upstream/replicas.ts'

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(least).max(most)
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')
const address = z.url({ protocol: /^https?$/ })
const list = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))
const ports = list.transform((words) => words.map(Number)).pipe(z.array(z.int().min(1).max(65_535)).min(1))

/** Every environment variable that is read, with its default. The README's table says the same. */
const schema = z.object({
  UPSTREAM_BASE_URL: z.string().transform(readAddresses).optional(),
  UPSTREAM_API_KEY: z.string().optional(),
  UPSTREAM_TIMEOUT_MS: whole(1).default(300_000),
  UPSTREAM_IDLE_MS: whole(1).default(120_000),
  UPSTREAM_TOTAL_MS: whole(1).default(3_600_000),
  UPSTREAM_CONCURRENCY: whole(1).default(64),
  UPSTREAM_RETRIES: whole(0, 10).default(2),
  UPSTREAM_BACKOFF_MS: whole(0).default(500),
  UPSTREAM_THINKING_TOKENS: whole(0).default(0),
  UPSTREAM_LIMIT_FIELD: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
  UPSTREAM_PREFILLED: flag.optional(),
  UPSTREAM_EFFORT: z.enum(efforts).default('reasoning_effort'),
  UPSTREAM_CAN: list.transform(readAbilities).default({}),
  MULL_API_KEYS: list.default([]),
  MULL_ALIASES: z.string().transform(readAliases).default({}),
  MULL_CACHE_ENTRIES: whole(0).default(0),
  MULL_DRAIN_MS: whole(0).default(30_000),
  MULL_JUDGE_MODEL: z.string().optional(),
  MULL_KEEPALIVE_MS: whole(10).default(10_000),
  MULL_MAX_BODY_MB: z.coerce.number().positive().default(10),
  MULL_MAX_CALLS: whole(1).default(256),
  MULL_MAX_MS: whole(1).default(3_600_000),
  MULL_MAX_TOKENS: whole(1).default(10_000_000),
  MULL_REWARD_API_KEY: z.string().optional(),
  MULL_REWARD_KIND: z.enum(rewardKinds).default('score'),
  MULL_REWARD_MODEL: z.string().optional(),
  MULL_REWARD_URL: address.optional(),
  MULL_SERVICE_TIMEOUT_MS: whole(1).default(60_000),
  MULL_SEARCH: z.union([flag, ports], 'true, false, or ports such as 11434,8000').default(true),
  MULL_THINK: z.enum(thinkForms).default('both'),
  MULL_VERIFY_API_KEY: z.string().optional(),
  MULL_VERIFY_URL: address.optional(),
  OPTILLM_COMPAT: flag.default(false),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(8787),
})

export const variables = Object.keys(schema.shape)

export type Config = ReturnType<typeof readConfig>

/** Reads the configuration; an empty variable is an absent one. Throws an Error that names each wrong variable. */
export function readConfig(environment: Readonly<Record<string, unknown>>) {
  const given = Object.keys(schema.shape).map((name) => [
    name,
    environment[name] === '' ? undefined : environment[name],
  ])
  const read = schema.safeParse(Object.fromEntries(given))
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => {
      const name = String(path[0])
      const value = /KEY/.test(name) ? '(not shown)' : JSON.stringify(environment[name])
      return `  ${name} is ${value}: ${message}`
    })
    throw new Error(`The configuration is wrong:\n${wrong.join('\n')}`)
  }
  const { UPSTREAM_BASE_URL: replicas, UPSTREAM_LIMIT_FIELD, ...rest } = read.data
  return {
    ...rest,
    /** What it is called: its address, or several. */
    UPSTREAM_BASE_URL: replicas?.map(({ url }) => url).join(', '),
    /** The servers that UPSTREAM_BASE_URL names, if it does. */
    replicas,
    UPSTREAM_LIMIT_FIELD: UPSTREAM_LIMIT_FIELD ?? limitFieldOf(replicas?.[0].url),
  }
}

type Addresses = readonly [Address, ...Address[]]

/** "http://a:8000/v1;weight=2, http://b:8000/v1": an address, or several of servers with the same models. */
function readAddresses(text: string, context: z.RefinementCtx): Addresses {
  const addresses = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((part) => {
      const [, url, weight = '1'] = /^(.*?)(?:;weight=([^;]*))?$/.exec(part)!
      if (!address.safeParse(url).success)
        context.addIssue({ code: 'custom', message: `"${part}" is not an address like http://localhost:8000/v1` })
      else if (!(Number(weight) > 0 && Number.isFinite(Number(weight))))
        context.addIssue({ code: 'custom', message: `the weight "${weight}" is not a number above 0` })
      else return { url: withVersion(url!), weight: Number(weight) }
      return { url: '', weight: 1 }
    })
  if (addresses.length === 0) context.addIssue({ code: 'custom', message: 'there is no address in it' })
  return addresses as unknown as Addresses
}

/** A bare host means its `/v1`, which is where every server has it. */
function withVersion(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + (pathname === '/' ? '/v1' : pathname.replace(/\/+$/, ''))
}

/** OpenAI's reasoning models refuse the old name; many servers know only that one. */
const limitFieldOf = (url: string | undefined) =>
  url?.startsWith('https://api.openai.com/') ? 'max_completion_tokens' : 'max_tokens'

function readAbilities(words: readonly string[], context: z.RefinementCtx): Known {
  try {
    return readCan(words)
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) })
    return {}
  }
}

/** "smart=deepseek-r1+sc@16; fast=gpt-4o-mini" */
function readAliases(text: string, context: z.RefinementCtx): Record<string, string> {
  const pairs = text.split(';').map((pair) => pair.trim())
  const aliases: Record<string, string> = {}
  for (const pair of pairs.filter(Boolean)) {
    const [, name, target] = /^([^=]+?)\s*=\s*(.+)$/.exec(pair) ?? []
    if (name && target) aliases[name] = target
    else
      context.addIssue({
        code: 'custom',
        message: `"${pair}" is not of the form name=model+recipe; separate them by ";"`,
      })
  }
  return aliases
}
