const whole = new Intl.NumberFormat('en')

export const count = (value: number): string => whole.format(value)

/** "1 call", "16 calls" */
export const counted = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`

/** Milliseconds as people say them: "840 ms", "2.4 s", "3 min 05 s". */
export function time(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')} s`
}

/** A share in [0, 1]. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`

/** US dollars; of small sums two digits that count. */
export const dollars = (sum: number): string =>
  `$${sum >= 1 || sum === 0 ? sum.toFixed(2) : sum.toFixed(Math.min(8, 1 - Math.floor(Math.log10(sum))))}`

/** A score in [0, 1], or of whoever counts otherwise. */
export const score = (value: number): string => value.toFixed(value > 10 ? 0 : 2)

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** When something was, with the day if that is not today's. */
export function moment(at: number, now: Date = new Date()): string {
  const then = new Date(at)
  const isToday = then.toDateString() === now.toDateString()
  return isToday ? clock.format(then) : `${day.format(then)}, ${clock.format(then)}`
}

/** The first words of a text, on one line. */
export function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
