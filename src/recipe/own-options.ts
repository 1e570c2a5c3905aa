import { voting } from '#core'
import type { Entry } from './catalogue.ts'

/** The options of a strategy or a scorer that are its own, and whether it has those of a vote besides. */
export function ownOptions<Schema>({ options }: Pick<Entry, 'options'>) {
  const { properties = {} } = options as { readonly properties?: Readonly<Record<string, Schema>> }
  const shared = Object.keys(voting())
  const votes = shared.every((name) => name in properties)
  const own = Object.entries(properties).filter(([name]) => !votes || !shared.includes(name))
  return { own, votes, shared }
}
