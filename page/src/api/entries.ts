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

export type Strategy = {
  readonly id: string
  readonly object: 'strategy' | 'scorer'
  readonly does: string
  readonly source?: string
  readonly aliases?: readonly string[]
  readonly options: { readonly properties?: Readonly<Record<string, OptionSchema>> }
  readonly leading?: string
  readonly calls: string
  readonly needs: readonly string[]
}
