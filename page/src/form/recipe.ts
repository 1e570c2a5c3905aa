import type { OptionSchema, Strategy } from '../api/entries.ts'

/** What is chosen in the form: a strategy and its options, as they were typed; an empty one has its default. */
export type Choice = {
  readonly model: string
  readonly strategy: string
  readonly options: Readonly<Record<string, string>>
}

/** The model's name with the recipe that a choice comes to, as the API reads it. */
export function recipeOf({ model, strategy, options }: Choice, strategies: readonly Strategy[]): string {
  const known = strategies.find(({ id }) => id === strategy)
  if (!known) return model
  const { leading = '', options: schema } = known
  const number = options[leading]?.trim()
  const others = Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const typed = options[name]?.trim()
    return name === leading || !typed ? [] : `${name}=${written(typed, option)}`
  })
  return `${model}+${strategy}${number ? `@${number}` : ''}${others.length > 0 ? `(${others.join(', ')})` : ''}`
}

/** Texts are quoted where they would be read as something else; what may be a recipe of its own stays as it is. */
function written(typed: string, { type }: OptionSchema): string {
  return type === 'string' && !/^[\w.:/-]+$/.test(typed) ? JSON.stringify(typed) : typed
}

/** The options of a strategy that are its own, and those that every strategy that votes has. */
export function optionsOf({ options, leading }: Strategy, strategies: readonly Strategy[]) {
  const names = Object.entries(options.properties ?? {})
  const voting = new Set(
    strategies.reduce<readonly string[] | undefined>((common, other) => {
      const theirs = Object.keys(other.options.properties ?? {})
      if (!theirs.includes('semantic')) return common
      return common ? common.filter((name) => theirs.includes(name)) : theirs
    }, undefined) ?? [],
  )
  const own = names.filter(([name]) => name === leading || !voting.has(name))
  return { own, ofVotes: names.filter((option) => !own.includes(option)) }
}
