import * as z from 'zod'

/**
 * The options of every strategy that votes: what counts as the same answer, and how the vote is read. Spread them into a
 * strategy's shape; the core hands them to its tally.
 */
export const voting = () => ({
  /** 10% is 10 rather than 0.1. */
  percent: z.boolean().optional(),
  /** Bare lists and sets are equal in any order. */
  unordered: z.boolean().optional(),
  /** (1, 2) is the list 1, 2. */
  tupleEqualsList: z.boolean().optional(),
  /** 0.333 is 1/3. */
  rounding: z.boolean().optional(),
  /** 1 km is 1000 m. */
  unitConvert: z.boolean().optional(),
  /** x = 3 and y = 3 differ. */
  strictVariables: z.boolean().optional(),
  /** (0, 1) and [0, 1] differ. */
  boundaryStrict: z.boolean().optional(),
  /** Words differ by case. */
  caseSensitiveText: z.boolean().optional(),
  /** JSON objects are voted on field by field; numbers by their median, or like all else. */
  fields: z.enum(['majority', 'median']).optional(),
  /** A model is asked once which free texts mean the same, where that could change the winner. */
  semantic: z.boolean().optional(),
})

type Shape = ReturnType<typeof voting>
export type Voting = { readonly [K in keyof Shape]?: z.output<Shape[K]> | undefined }

/** The voting options among a strategy's options. */
export const votingOf = (options: Readonly<Record<string, unknown>>): Voting =>
  Object.fromEntries(Object.keys(voting()).flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])))
