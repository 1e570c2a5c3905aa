import type * as z from 'zod'
import { messageOf } from '#core'
import { nearest } from '../recipe/nearest.ts'
import { type Config, schema, variables } from './schema.ts'
import { at, within } from './tree.ts'

/**
 * Reads the configuration: what a file says, and in its place what the environment says; an empty variable is an absent
 * one. Throws an Error that names each wrong setting or variable.
 */
export function readConfig(environment: Readonly<Record<string, unknown>>, file: unknown = {}): Config {
  const given = settled(environment, file)
  const read = schema.safeParse(given.settings, { error: unknownKey })
  const wrong = [...given.wrong, ...(read.error?.issues.flatMap(meantBy).map((issue) => told(issue, given)) ?? [])]
  if (!read.success || wrong.length > 0) throw new Error(`The configuration is wrong:\n  ${wrong.join('\n  ')}`)
  return read.data
}

type Given = {
  readonly settings: unknown
  /** The variable that a setting comes from. */
  readonly origins: ReadonlyMap<string, { readonly name: string; readonly value: unknown }>
  readonly wrong: readonly string[]
}

function settled(environment: Readonly<Record<string, unknown>>, file: unknown): Given {
  const origins = new Map<string, { name: string; value: unknown }>()
  const wrong: string[] = []
  const main = meant(file)
  let settings = file
  for (const [name, [path, read]] of Object.entries(variables)) {
    const value = environment[name]
    if (value === undefined || value === '') continue
    const keys = path.split('.')
    if (keys[0] === 'upstreams') {
      if (main === undefined) {
        wrong.push(`${name} is about the upstream "main", and there is none of this name: ${severalNames(file)}`)
        continue
      }
      keys[1] = main
    }
    try {
      settings = within(settings, keys, typeof value === 'string' && read ? read(value) : value)
      origins.set(keys.join('.'), { name, value })
    } catch (error) {
      wrong.push(`${name} is ${JSON.stringify(value)}: ${messageOf(error)}`)
    }
  }
  return { settings, origins, wrong }
}

/** The upstream that the variables are about: main, or the only one; undefined if there are several others. */
function meant(file: unknown): string | undefined {
  const names = namesIn(file)
  if (names.length === 0 || names.includes('main')) return 'main'
  return names.length === 1 ? names[0] : undefined
}

const namesIn = (file: unknown) => Object.keys(at(file, ['upstreams']) ?? {})

const severalNames = (file: unknown) =>
  `say it of ${namesIn(file)
    .map((name) => `upstreams.${name}`)
    .join(' or ')} in the file, or call one of them main`

/** Of what may be said in several ways, what is wrong with the one that was meant: that of which the fields are wrong. */
function meantBy(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const ways = issue.errors.map((way) => way.flatMap(meantBy))
  const meant = ways.find((way) => way.every(({ path }) => path.some((part) => typeof part === 'string')))
  return meant?.map((part) => ({ ...part, path: [...issue.path, ...part.path] })) ?? [issue]
}

/** One issue in words. */
function told(issue: z.core.$ZodIssue, { origins, settings }: Given): string {
  const { path, message } = issue
  const keys = path.map(String)
  if (issue.code === 'unrecognized_keys') return [...keys, message].join('.')
  for (let length = keys.length; length > 0; length--) {
    const origin = origins.get(keys.slice(0, length).join('.'))
    if (origin) return `${origin.name} is ${shown(origin.name, origin.value)}: ${message}`
  }
  return `${keys.join('.') || 'It'} is ${shown(keys.join('.'), at(settings, keys))}: ${message}`
}

/** Keys are secrets, and so may be what stands in the place of one; headers and addresses of stores carry them. */
function shown(name: string, value: unknown): string {
  if (value === undefined) return 'missing'
  if (isSecret(name)) return '(not shown)'
  if (typeof value === 'function') return 'a function'
  return JSON.stringify(value, (field, inner) => (isSecret(field) ? '(not shown)' : inner))
}

const isSecret = (name: string) => /keys?(?:\.\d+)?$|headers|redis/i.test(name)

/** Names a key that is none with the one that was meant, after the path to it. */
function unknownKey(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined
  const known = Object.keys((issue.inst as z.ZodObject).shape)
  return issue['keys']
    .map((key: string) => `${key} is not a setting.${nearest(key, known) || ` It may be ${known.join(', ')}.`}`)
    .join(' ')
}
