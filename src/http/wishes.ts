import * as z from 'zod'
import { BadRequest } from '#core'
import type { Mode } from './answers.ts'

export const cacheHeader = 'x-mull-cache'

const seconds = z.int().min(0)

/** The field `mull.cache`: true asks for what is remembered, false refuses it. */
export const cacheField = z.union(
  [
    z.boolean(),
    z.strictObject({
      /** Seconds that the answer to this request may be kept. */
      ttl: seconds.optional(),
      /** Seconds that an answer may be old to be given again. */
      max_age: seconds.optional(),
      /** Asks anew, and keeps the answer. */
      no_cache: z.boolean().optional(),
      /** Neither looks nor keeps. */
      no_store: z.boolean().optional(),
      /** A name that tells answers apart, beside all that does so anyway. */
      key: z.string().max(200).optional(),
    }),
  ],
  'it is neither true nor false nor an object of ttl, max_age, no_cache, no_store and key',
)

export type CacheField = z.output<typeof cacheField>

/** What a request says about what is remembered. */
export type Wishes = {
  /** Whether it asks for it at all. */
  readonly asked: boolean
  readonly read: boolean
  readonly write: boolean
  readonly ttl?: number | undefined
  readonly maxAge?: number | undefined
  readonly key?: string | undefined
}

/** The body says more than the header `x-mull-cache`. Throws BadRequest for a header that cannot be read. */
export function wishesOf(header: string | undefined, field: CacheField | undefined): Wishes {
  const said = field ?? (header === undefined ? undefined : readHeader(header))
  if (said === undefined) return { asked: false, read: true, write: true }
  if (typeof said === 'boolean') return { asked: said, read: said, write: said }
  const { ttl, max_age: maxAge, no_cache = false, no_store = false, key } = said
  return { asked: !no_store, read: !no_cache && !no_store, write: !no_store, ttl, maxAge, key }
}

/** Whether what the operator allows is done for a request, which may have said whether it wants it. */
export const isWanted = (mode: Mode, wanted: boolean | undefined): boolean =>
  mode === 'on' ? wanted !== false : mode === 'asked' && wanted === true

/** Whether an answer is remembered. What is drawn at random is only given again to those who ask for it. */
export function wantsAnswer(mode: Mode, { asked, read, write }: Wishes, random: boolean): boolean {
  if (mode === 'off' || !(read || write)) return false
  return asked || (mode === 'on' && !random)
}

/** "max-age=60, ttl=3600": words as in Cache-Control. */
function readHeader(header: string): CacheField {
  const said: Record<string, unknown> = {}
  for (const part of header.split(',').map((part) => part.trim())) {
    const [, word = '', value] = /^([\w-]+)(?:=(.*))?$/.exec(part) ?? []
    if (word === 'on' && value === undefined) continue
    if (word === 'no-cache' || word === 'no-store') said[word.replace('-', '_')] = value === undefined
    else if (word === 'ttl' || word === 'max-age') said[word.replace('-', '_')] = value ? Number(value) : value
    else if (word === 'key') said[word] = value
    else throw unreadable(header)
  }
  const read = cacheField.safeParse(said)
  if (!read.success) throw unreadable(header)
  return read.data
}

const unreadable = (header: string) =>
  new BadRequest(
    `The header x-mull-cache is ${JSON.stringify(header.slice(0, 100))}. It takes on, no-cache, no-store, ` +
      'max-age=<seconds>, ttl=<seconds> and key=<name>, separated by commas.',
  )
