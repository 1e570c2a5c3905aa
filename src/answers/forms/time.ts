import type { Value } from './value.ts'

/**
 * A time of day: 12:30, 12:30 PM, 3 p.m., noon. One that does not say which half of the day it means may be in either, and
 * none is no time.
 */
export function readTime(surface: string): readonly Value[] {
  if (surface.length > 20) return []
  const text = surface.replaceAll(/[‹›]/g, '').trim().toLowerCase().replace('noon', '12pm').replace('midnight', '12am')
  const [, hours, minutes, half] =
    /^(\d{1,2})(?::([0-5]\d))?(?::00)?\s*(?:([ap])\.?\s?m\.?)?(?:\s*o'clock)?$/.exec(text) ?? []
  const hour = Number(hours)
  if (!(minutes || half) || hour > (half ? 12 : 24)) return []
  const inHalf = hour % 12
  const possible = half ? [half === 'p' ? inHalf + 12 : inHalf] : hour > 12 ? [hour] : [inHalf, inHalf + 12]
  return possible.map((hour) => ({ kind: 'text', key: `time ${hour}:${minutes ?? '00'}` }))
}
