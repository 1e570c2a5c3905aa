import { BadRequest, type Deadline } from '#core'
import type { Fields } from './arrival.ts'
import type { HttpOptions } from './engine.ts'
import { defined, type MullExtension } from './request.ts'

/** A request with it is never relayed, since a relay can promise nothing. */
export const deadlineHeader = 'x-mull-deadline'

/**
 * When a request that came at `arrived` must be answered: at the first of what its header and its body say and, where the
 * whole answer comes at once, when its client stops waiting. Where neither header nor body says anything, the operator's
 * own counts for them. Throws BadRequest for what is no time.
 */
export function deadlineOf(
  headers: Fields,
  extension: MullExtension | undefined,
  { deadlineMs, quorum }: Pick<HttpOptions, 'deadlineMs' | 'quorum'>,
  { arrived, stream }: { readonly arrived: number; readonly stream: boolean },
): Deadline | undefined {
  const given = [
    read(headers.get(deadlineHeader), deadlineHeader, arrived),
    read(extension?.deadline, 'mull.deadline', arrived),
  ]
  const asked = Math.min(...given.filter((ms) => ms !== undefined))
  const wanted = asked < Infinity ? asked : (deadlineMs ?? Infinity)
  const ms = Math.min(wanted, stream ? Infinity : patienceOf(headers))
  if (ms === Infinity) return undefined
  return { ms, since: arrived, ...defined({ quorum: extension?.quorum ?? quorum }) }
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** 1500 and "1500" are milliseconds; "1500ms", "2.5s", "1m"; "2026-11-26T12:00:00Z" is a moment. */
function read(given: number | string | null | undefined, param: string, now: number): number | undefined {
  if (given === null || given === undefined) return undefined
  const [, amount, unit = 'ms'] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(String(given)) ?? []
  if (Number(amount) > 0) return Number(amount) * units[unit as keyof typeof units]
  const moment = /^\s*\d{4}-\d\d-\d\dT/.test(String(given)) ? Date.parse(String(given)) : Number.NaN
  if (!Number.isNaN(moment)) return moment - now
  throw new BadRequest(
    `${param} is ${JSON.stringify(given).slice(0, 100)}, which is no time: give milliseconds (1500), a number with a unit ` +
      '("1.5s", "2m"), or a moment ("2026-11-26T12:00:00Z").',
    { param },
  )
}

/** OpenAI's and Anthropic's clients say after how many seconds they give up, and ask again. */
function patienceOf(headers: Fields): number {
  const seconds = Number(headers.get('x-stainless-timeout') ?? headers.get('x-stainless-read-timeout'))
  return seconds > 0 ? seconds * 1000 : Infinity
}
