import * as z from 'zod'
import type { Capability } from '#core'
import type { Pantry } from './resolve.ts'

/** What there is to know of a strategy or a scorer, as data. */
export type Entry = {
  readonly id: string
  readonly object: 'strategy' | 'scorer'
  readonly does: string
  readonly source?: string
  /** Short names; only strategies have them. */
  readonly aliases?: readonly string[]
  /** JSON schema of the options. */
  readonly options: object
  /** The option that `@number` sets; only strategies have one. */
  readonly leading?: string
  /** Formulas over the options, `score` and `compare`. */
  readonly calls: string
  readonly depth?: string
  readonly needs: readonly Capability[]
  /** Whether a scorer passes or fails candidates, so that in a list it stands before the others. */
  readonly gate?: true
}

/** Everything that recipes can be made of: strategies first, each kind by its names. */
export function catalogueOf({ strategies, scorers }: Omit<Pantry, 'aliases'>): readonly Entry[] {
  const byId = <T extends { id: string }>(items: readonly T[]) => items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return [
    ...byId(strategies).map(({ id, about: { does, source, calls, depth, needs = [] }, aliases, schema, leading }) => ({
      id,
      object: 'strategy' as const,
      aliases,
      does,
      ...(source === undefined ? {} : { source }),
      options: optionsOf(schema),
      ...(leading === undefined ? {} : { leading }),
      calls,
      depth,
      needs,
    })),
    ...byId(scorers).map(({ id, about: { does, source, calls, needs = [], gate }, schema }) => ({
      id,
      object: 'scorer' as const,
      does,
      ...(source === undefined ? {} : { source }),
      options: optionsOf(schema),
      calls,
      needs,
      ...(gate ? { gate } : {}),
    })),
  ]
}

/** What may be given: an option that has a default need not be. */
const optionsOf = (schema: z.ZodObject) => z.toJSONSchema(schema, { io: 'input' })
