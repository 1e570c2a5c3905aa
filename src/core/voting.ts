import * as z from 'zod'

/**
 * The options of every strategy that votes: what counts as the same answer, and how the vote is read. Spread them into a
 * strategy's shape; the core hands them to its tally.
 */
export const voting = () => ({
  percent: z.boolean().optional().describe('10% is 10 rather than 0.1.'),
  unordered: z.boolean().optional().describe('Bare lists and sets are equal in any order.'),
  tupleEqualsList: z.boolean().optional().describe('(1, 2) is the list 1, 2.'),
  rounding: z.boolean().optional().describe('0.333 is 1/3.'),
  unitConvert: z.boolean().optional().describe('1 km is 1000 m.'),
  strictVariables: z.boolean().optional().describe('x = 3 and y = 3 differ.'),
  boundaryStrict: z.boolean().optional().describe('(0, 1) and [0, 1] differ.'),
  caseSensitiveText: z.boolean().optional().describe('Words differ by case.'),
  fields: z
    .enum(['majority', 'median'])
    .optional()
    .describe('JSON objects are voted on field by field; numbers by their median, or like all else.'),
  semantic: z
    .boolean()
    .optional()
    .describe('A model is asked once which free texts mean the same, where that could change the winner.'),
})

type Shape = ReturnType<typeof voting>
export type Voting = { readonly [K in keyof Shape]?: z.output<Shape[K]> | undefined }

/** The voting options among a strategy's options. */
export const votingOf = (options: Readonly<Record<string, unknown>>): Voting =>
  Object.fromEntries(Object.keys(voting()).flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])))
