import { isReadElsewhere } from './wire.ts'

/** Fields that go along with a completion and are nobody's here, put together from the pieces of a stream. */
export class Extra {
  readonly #fields: Record<string, unknown> = {}

  /** Streams send lists and texts in pieces, and all else as a whole. */
  add(fields: object): void {
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined || isReadElsewhere(name)) continue
      const known = this.#fields[name]
      if (name === 'logprobs' && known) joinLists(known as Record<string, unknown>, value)
      else this.#fields[name] = name === 'refusal' && typeof known === 'string' ? `${known}${value}` : value
    }
  }

  /** All of them under one name; nothing if there are none. */
  as<Name extends string>(name: Name): { readonly [name in Name]?: Readonly<Record<string, unknown>> } {
    if (Object.keys(this.#fields).length === 0) return {}
    return { [name]: this.#fields } as { readonly [name in Name]: Readonly<Record<string, unknown>> }
  }
}

/** Puts the lists of `value` behind those already there. In place: a list grows by every token. */
function joinLists(known: Record<string, unknown>, value: object): void {
  for (const [name, list] of Object.entries(value)) {
    const before = known[name]
    if (Array.isArray(before) && Array.isArray(list)) before.push(...list)
    else known[name] = list ?? before
  }
}
