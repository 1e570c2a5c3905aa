import type { Entry } from '../../../src/recipe/catalogue.ts'

/** An option's JSON schema, as far as a form needs it. */
export type OptionSchema = {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly OptionSchema[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly description?: string
}

export type Strategy = Omit<Entry, 'options'> & {
  readonly options: { readonly properties?: Readonly<Record<string, OptionSchema>> }
}
