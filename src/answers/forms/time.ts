import type { Value } from './value.ts'

/** A time of day: 12:30, 12:30 PM, 3 p.m., noon. */
export function readTime(surface: string): Value | undefined {
  const text = surface.replaceAll(/[‹›]/g, '').trim().toLowerCase()
  if (text === 'noon') return { kind: 'time', hour: 12, minute: 0, half: 'pm' }
  if (text === 'midnight') return { kind: 'time', hour: 0, minute: 0, half: 'am' }
  const match = /^(\d{1,2})(?::([0-5]\d))?(?::00)?\s*(?:([ap])\.?\s?m\.?)?(?:\s*o'clock)?$/.exec(text)
  if (!match || (match[2] === undefined && match[3] === undefined)) return undefined
  const hour = Number(match[1])
  if (hour > 24 || (match[3] && (hour > 12 || hour === 0))) return undefined
  if (!match[3]) return { kind: 'time', hour, minute: Number(match[2]), half: hour > 12 ? 'pm' : undefined }
  const half = match[3] === 'p' ? 'pm' : 'am'
  return { kind: 'time', hour: (hour % 12) + (half === 'pm' ? 12 : 0), minute: Number(match[2] ?? 0), half }
}

/** One that does not say which half of the day it means agrees with either. */
export function sameTime(a: Value & { kind: 'time' }, b: Value & { kind: 'time' }): boolean {
  if (a.minute !== b.minute) return false
  return a.half && b.half
    ? a.hour === b.hour
    : a.hour % 12 === b.hour % 12 && (a.hour < 13 || b.half !== undefined || a.hour === b.hour)
}
