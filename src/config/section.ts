import type * as z from 'zod'
import type { Reading } from './values.ts'

/** An environment variable: the setting that it is, and how its text is read; by default as it is. */
export type Variable = readonly [path: string, read?: Reading]

export type Section<Schema extends z.ZodType> = {
  readonly schema: Schema
  readonly variables: Readonly<Record<string, Variable>>
}

/** One key of the configuration, and the environment variables that are part of it. */
export const section = <Schema extends z.ZodType>(
  schema: Schema,
  variables: Section<Schema>['variables'] = {},
): Section<Schema> => ({ schema, variables })
