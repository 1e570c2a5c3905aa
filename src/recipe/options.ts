import type * as z from 'zod'
import { BadRecipe, type StrategyFactory } from '#core'
import type { Step } from './grammar.ts'
import { nearest } from './nearest.ts'

/** The options of one step, checked by the strategy's own schema. Throws BadRecipe that says what is allowed. */
export function optionsOf({ id, number, options }: Step, factory: StrategyFactory): Record<string, unknown> {
  const { leading } = factory
  if (number !== undefined && leading === undefined)
    throw new BadRecipe(`${factory.id} takes no number: "${id}@${number}".`)
  if (number !== undefined && leading! in options)
    throw new BadRecipe(
      `${factory.id} is given ${leading} twice: as @${number} and as ${leading}=${options[leading!]}.`,
    )
  const given = number === undefined ? options : { ...options, [leading!]: number }
  checkOptions(factory, given)
  return given
}

/** What takes options under a name. */
type Named = { readonly id: string; readonly schema: z.ZodObject }

/** Throws BadRecipe for options that are unknown or out of range. */
export function checkOptions(named: Named, given: Record<string, unknown>): void {
  const read = named.schema.safeParse(given)
  if (!read.success) throw new BadRecipe(read.error.issues.map((issue) => explain(issue, named, given)).join(' '))
}

function explain(issue: z.core.$ZodIssue, factory: Named, given: Record<string, unknown>): string {
  const known = Object.keys(factory.schema.shape)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownOption(factory.id, key, known)).join(' ')
  const option = String(issue.path[0])
  const value = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], given)
  const found = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return `${factory.id}: ${option} is ${found}; allowed is ${allowed(factory.schema.shape[option])}.`
}

function unknownOption(id: string, key: string, known: readonly string[]): string {
  if (known.length === 0) return `${id} has no options, and was given "${key}".`
  return `${id} has no option "${key}".${nearest(key, known)} Its options are ${known.join(', ')}.`
}

/** What an option may be, in words, from its schema. */
function allowed(schema: z.core.$ZodType | undefined): string {
  const def = schema?._zod.def as { type: string; innerType?: z.core.$ZodType; element?: z.core.$ZodType } | undefined
  if (def?.innerType) return allowed(def.innerType)
  if (def?.type === 'number') return numberOf(schema as z.ZodNumber)
  if (def?.type === 'enum') return `one of ${[...(schema?._zod.values ?? [])].join(', ')}`
  if (def?.type === 'boolean') return 'true or false'
  if (def?.type === 'array') return `a list [a, b, …] of ${allowed(def.element)}`
  return 'a text'
}

function numberOf({ isInt, minValue, maxValue }: z.ZodNumber): string {
  const [least, most] = [minValue, maxValue].map((bound) => bound !== null && Math.abs(bound) < 2 ** 53 - 1 && bound)
  const range =
    least === false && most === false ? '' : ` from ${least === false ? '-∞' : least} to ${most === false ? '∞' : most}`
  return `a ${isInt ? 'whole ' : ''}number${range}`
}
