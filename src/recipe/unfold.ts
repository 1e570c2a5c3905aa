import { BadRecipe } from '#core'

type Unfolded = {
  readonly model: string
  readonly alias?: string
  /** What the alias stands for beside its model, and what is written behind it. */
  readonly inner: readonly string[]
  readonly suffixes: readonly string[]
}

/** An alias may stand for a recipe, whose model may be an alias again; the longest known beginning of a name is its model. */
export function unfold(
  name: string,
  listed: readonly string[],
  aliases: Readonly<Record<string, string>>,
  seen: readonly string[],
): Unfolded {
  const rest = (id: string) => (name.startsWith(id) ? name.slice(id.length).trimStart() : '?')
  const known = [...Object.keys(aliases), ...listed].filter((id) => /^(\+|$)/.test(rest(id)))
  const longest = known.sort((a, b) => b.length - a.length)[0]
  const model = longest ?? name.split('+', 1)[0]!
  const suffixes = rest(model) === '' ? [] : [rest(model).slice(1)]
  if (!Object.hasOwn(aliases, model)) return { model: model.trim(), inner: [], suffixes }
  const path = [...seen, model]
  if (seen.includes(model)) throw new BadRecipe(`The alias "${model}" stands for itself: ${path.join(' is ')}.`)
  const meant = unfold(aliases[model]!, listed, aliases, path)
  return { model: meant.model, alias: model, inner: [...meant.inner, ...meant.suffixes], suffixes }
}
