import type { Answer } from './ask.ts'
import { assert } from './promised.ts'

/** What must never be told: addresses, keys, paths, stacks. */
export const secret = /127\.0\.0\.1|10\.0\.0\.7|sk-[\w-]+|\/srv\/|node_modules|\bat .*\.[jt]s:\d|internal_error/

/** Whether a recipe's answer is right; throws unless it is that or fails clearly. */
export function isRight(answer: Answer, number: number, stream: boolean): boolean {
  const { status, body, cut } = answer
  const told = () => `${status}${cut ? ' cut' : ''}: ${body.slice(0, 300)}`
  assert(status > 0, 'no answer at all')
  assert(!secret.test(body.slice(0, 100_000)), () => `tells too much: ${told()}`)
  if (status !== 200) return isClear(answer)
  if (cut) return false
  if (!stream) {
    const { choices } = JSON.parse(body)
    assert(
      choices?.[0]?.message?.content?.includes(`{${number}}`),
      () => `another answer than that to ${number}: ${told()}`,
    )
    return true
  }
  const events = body.split('\n\n').filter((event) => event.startsWith('data: '))
  const isWhole = events.at(-1) === 'data: [DONE]'
  const chunks = (isWhole ? events.slice(0, -1) : events).map((event) => JSON.parse(event.slice('data: '.length)))
  const said = chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? '').join('')
  const error = chunks.find(({ error }) => error)?.error
  const finish = chunks.find(({ choices }) => choices?.[0]?.finish_reason)
  if (error) {
    assert(typeof error.message === 'string' && !finish && !isWhole, () => `an unclear failure: ${told()}`)
    return false
  }
  assert(said.includes(`{${number}}`) && finish && isWhole, () => `another answer than that to ${number}: ${told()}`)
  return true
}

/** A failure in OpenAI's form; throws unless it is one. */
export function isClear({ status, body, headers }: Answer): false {
  assert(status >= 400 && status < 600, `status ${status}`)
  let error: Record<string, unknown> | undefined
  try {
    error = JSON.parse(body).error
  } catch {}
  assert(
    typeof error?.['message'] === 'string' && 'type' in error && 'param' in error && 'code' in error,
    () => `${status} is not in OpenAI's form: ${body.slice(0, 200)}`,
  )
  assert(error['code'] !== 'internal_error', `an error that nobody foresaw: ${body.slice(0, 200)}`)
  assert(
    status !== 429 || error['code'] !== 'rate_limit_exceeded' || headers['retry-after'] !== undefined,
    '429 without retry-after',
  )
  return false
}
