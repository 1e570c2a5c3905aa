import { type Config, titleOf, type Upstream } from '../config/index.ts'
import { type Serves, servesOf } from '../routing/serves.ts'

/** One upstream that is to be examined, as if it were the only one. */
export type Subject = {
  /** What it is called among several; undefined for the only one. */
  readonly name: string | undefined
  /** Where it is. */
  readonly title: string
  /** The configuration with it alone, which asks its models by the names that it has for them. */
  readonly config: Config
  readonly serves: Serves | undefined
  /** The model to examine, as it is called there, where one is asked for. */
  readonly model: string | undefined
}

/** Each upstream; of several those that serve `model`, if one is asked for. Throws an Error where none does. */
export function subjectsOf(config: Config, model: string | undefined): readonly Subject[] {
  const all = Object.entries(config.upstreams)
  const subjects = all.map(([name, own]): Subject => {
    const serves = own.serves && servesOf(own.serves)
    return {
      name: all.length === 1 ? undefined : name,
      title: titleOf(own) ?? 'tiny-r1',
      config: alone(config, name, own),
      serves,
      model: model && serves ? (serves.exactly(model) ?? serves.like(model)) : model,
    }
  })
  if (model === undefined || all.length === 1) return subjects
  const named = subjects.filter(({ serves }) => serves?.exactly(model) !== undefined)
  const within = subjects.flatMap((one) =>
    model.startsWith(`${one.name}/`) ? { ...one, model: model.slice(`${one.name}/`.length) } : [],
  )
  const like = subjects.filter(({ serves, model }) => serves && model !== undefined)
  const open = subjects.filter(({ serves }) => !serves)
  const [asked] = [named, within, like, open].filter((some) => some.length > 0)
  if (!asked) throw new Error(`No upstream is said to serve "${model}"; "serves" says which serves what.`)
  return asked
}

function alone(config: Config, name: string, { serves: _, ...own }: Upstream): Config {
  return { ...config, upstreams: { [name]: own }, aliases: {}, fallbacks: {} }
}
