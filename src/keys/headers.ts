import { type Level, leftOf, resetOf } from '../state/allowance.ts'

/** OpenAI's headers for the limits of a minute; money has none. */
export function headersOf(levels: readonly Level[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const level of levels) {
    if (level.name === 'spend') continue
    headers[`x-ratelimit-limit-${level.name}`] = String(level.most)
    headers[`x-ratelimit-remaining-${level.name}`] = String(Math.floor(leftOf(level)))
    headers[`x-ratelimit-reset-${level.name}`] = span(resetOf(level))
  }
  return headers
}

/** A time as OpenAI writes it: 1h2m3s, 4.5s, 120ms. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`
  const seconds = Math.ceil(ms / 100) / 10
  if (seconds < 60) return `${seconds}s`
  const whole = Math.ceil(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${whole % 60}s`
}
