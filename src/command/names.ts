import { messageOf } from '#core'
import type { Config } from '../config/index.ts'
import { pantryOf } from '../pantry.ts'
import { nearest } from '../recipe/nearest.ts'
import { resolve } from '../recipe/resolve.ts'
import { servesOf } from '../routing/serves.ts'

/**
 * The same configuration. Throws an Error that names each alias whose recipe cannot be read, and each model in `fallbacks`
 * that nobody serves: else it would be heard of when it is asked for, which of a fallback is when it is needed.
 */
export function withRightNames(config: Config): Config {
  const { aliases, fallbacks, upstreams } = config
  const all = Object.entries(upstreams).map(([name, { serves }]) => ({ name, serves: serves && servesOf(serves) }))
  const served = all.flatMap(({ serves }) => serves?.names ?? [])
  const isOpen = all.some(({ serves }) => !serves)
  const isServed = (model: string) =>
    all.some(
      ({ name, serves }) =>
        (serves?.exactly(model) ?? serves?.like(model)) !== undefined ||
        (all.length > 1 && model.startsWith(`${name}/`)),
    )
  const pantry = { ...pantryOf(config), aliases }

  const wrongAliases = Object.entries(aliases).flatMap(([name, target]) => {
    try {
      const { model } = resolve(name, undefined, served, pantry)
      return isOpen || isServed(model) ? [] : `aliases.${name} is "${target}": ${unserved(model)}`
    } catch (error) {
      return `aliases.${name} is "${target}": ${messageOf(error)}`
    }
  })
  const wrongFallbacks = Object.entries(fallbacks).flatMap(([model, others]) =>
    [model, ...others].flatMap((name) => {
      if (isServed(name)) return []
      const isRecipe = name.includes('+') || Object.hasOwn(aliases, name)
      if (isRecipe) return `fallbacks.${model} has "${name}" in it: it takes models, neither aliases nor recipes`
      return isOpen ? [] : `fallbacks.${model} has "${name}" in it: ${unserved(name)}`
    }),
  )
  const wrong = [...wrongAliases, ...wrongFallbacks]
  if (wrong.length > 0) throw new Error(`The configuration is wrong:\n  ${wrong.join('\n  ')}`)
  return config

  function unserved(model: string): string {
    return `no upstream serves "${model}".${nearest(model, served)} What each has is said by "serves"`
  }
}
