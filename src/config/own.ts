import * as z from 'zod'

type Named = { readonly id: string; readonly aliases?: readonly string[] }

/**
 * Strategies or scorers of the operator's own, beside those that are `there`. Each has a name that a recipe can hold and
 * that nobody else has.
 */
export const own = <Made extends Named>(kind: 'strategy' | 'scorer', there: readonly Named[]) =>
  z
    .array(z.custom<Named>(isMade, `it was not made with ${kind}() of mull/core`))
    .superRefine((given, context) => {
      const owners = new Map(there.flatMap((made) => namesOf(made).map(([, name]) => [name, made.id] as const)))
      for (const [index, made] of given.entries())
        for (const [path, name] of namesOf(made)) {
          const owner = owners.get(name)
          if (!/^[a-z][a-z\d-]*$/.test(name))
            context.addIssue({ code: 'custom', path: [index, ...path], message: unwritable })
          else if (owner !== undefined)
            context.addIssue({ code: 'custom', path: [index, ...path], message: taken(kind, owner) })
          else owners.set(name, made.id)
        }
    })
    .default([])
    .transform((given) => given as unknown as readonly Made[])

const unwritable = 'a recipe cannot name it; a name is small letters, digits and hyphens, and begins with a letter'

const taken = (kind: string, owner: string) => `the name is taken by the ${kind} ${owner}; give yours another`

/** Each name of it, and where it stands. */
const namesOf = ({ id, aliases = [] }: Named): (readonly [path: (string | number)[], name: string])[] => [
  [['id'], id],
  ...aliases.map((alias, index) => [['aliases', index], alias] as [(string | number)[], string]),
]

/** A strategy is made by the core that is installed beside it, which may be another copy of ours; only its form counts. */
const isMade = (value: unknown) =>
  typeof value === 'function' && ['id', 'about', 'schema'].every((key) => Object.hasOwn(value, key))
