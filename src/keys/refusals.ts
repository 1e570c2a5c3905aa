import { MullError } from '#core'
import { type Level, lacks, leftOf, type Take, usedOf, waitFor } from '../state/allowance.ts'
import { headersOf, span } from './headers.ts'

export const expired = (at: Date) =>
  new MullError('invalid_api_key', `This API key expired at ${at.toISOString()}.`, 401, {
    type: 'invalid_request_error',
  })

export function forbidden(what: 'model' | 'strategy', asked: string, allowed: readonly string[]): MullError {
  const others = allowed.length === 0 ? `no ${what === 'model' ? 'model' : 'strategy'} at all` : allowed.join(', ')
  const message = `This API key may not use the ${what} "${asked}". It may use ${others}.`
  return new MullError(`${what}_not_allowed`, message, 403, { param: 'model' })
}

export const nameless = () =>
  new MullError('model_not_named', 'This API key is for models alone, and this request names none in a JSON body.', 403)

export const unpriced = (model: string) =>
  new MullError(
    'model_without_price',
    `This API key has a budget, and the model "${model}" has no price. The operator gives it one in "prices".`,
    403,
    { param: 'model' },
  )

/** Of what was asked for, the first that there is too little of, in words. */
export function exhausted(takes: readonly Take[], levels: readonly Level[]): MullError {
  const short = takes.findIndex((take, index) => lacks(levels[index]!, take))
  const level = levels[Math.max(0, short)]!
  return level.name === 'spend' ? overspent(level, levels) : tooMany(level, levels)
}

function tooMany(level: Level, levels: readonly Level[]): MullError {
  const { name, most, held } = level
  const waiting = held > 0 ? `, ${count(held)} of them held for requests under way` : ''
  const message =
    `This API key is limited to ${count(most)} ${name} a minute, and ${count(usedOf(level) + held)} are used${waiting}. ` +
    `Try again in ${span(pauseOf(level))}.`
  return limited(message, name, level, levels)
}

function overspent(level: Level, levels: readonly Level[]): MullError {
  const { most, used, resetMs } = level
  if (used < most) {
    const message = `What is left of this API key's budget of ${money(most)} a day is held for requests under way. Try again soon.`
    return limited(message, 'spend', level, levels)
  }
  const message = `This API key has spent its budget of ${money(most)} for today. The next day begins in ${span(resetMs)}, at midnight UTC.`
  return new MullError('insufficient_quota', message, 429, {
    type: 'insufficient_quota',
    retryAfter: seconds(resetMs),
    // OpenAI's clients would ask again at once.
    headers: { ...headersOf(levels), 'x-should-retry': 'false' },
  })
}

const limited = (message: string, type: string, level: Level, levels: readonly Level[]) =>
  new MullError('rate_limit_exceeded', message, 429, {
    type,
    retryAfter: seconds(pauseOf(level)),
    headers: headersOf(levels),
  })

/** How long to wait for one. What is held may come back any moment; what is used does not before its time. */
function pauseOf(level: Level): number {
  const wait = waitFor(level, 1)
  return leftOf({ ...level, held: 0 }) > 0 ? Math.min(1000, wait) : wait
}

const seconds = (ms: number) => String(ms / 1000)

const count = (value: number) => Math.ceil(value).toLocaleString('en')

/** To the smallest part that a price is likely to have. */
const money = (value: number) => String(Number(value.toFixed(6)))
