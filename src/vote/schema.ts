import { canonicalJson, isObject } from '#answers'
import type { Prompt } from '#core'

/** The schema that a request asks answers to follow. */
export function schemaOf({ rest }: Prompt): unknown {
  const format = rest?.['response_format']
  const asked = isObject(format) ? format['json_schema'] : undefined
  return isObject(asked) ? asked['schema'] : undefined
}

/**
 * Whether a value breaks a JSON Schema, as far as the keywords below say. Keywords that are not known are not enforced:
 * a vote is only taken from an answer that is certainly wrong.
 */
export function breaks(value: unknown, schema: unknown): boolean {
  let left = 20_000
  /** What refers to itself without end holds. */
  const holds = (value: unknown, schema: unknown, depth: number): boolean => {
    if (typeof schema === 'boolean') return schema
    if (!isObject(schema) || depth > 64 || left-- < 0) return true
    const check: Check = (inner, part) => holds(inner, part, depth + 1)
    return Object.entries(schema).every(([keyword, wanted]) =>
      keyword === '$ref'
        ? check(value, resolve(wanted, root))
        : isWithin(keyword, value, wanted) && (keywords[keyword]?.(value, wanted, check, schema) ?? true),
    )
  }
  const root = schema
  return !holds(value, schema, 0)
}

type Check = (value: unknown, schema: unknown) => boolean
type Keyword = (value: unknown, wanted: unknown, check: Check, schema: Readonly<Record<string, unknown>>) => boolean

const list = (wanted: unknown): readonly unknown[] => (Array.isArray(wanted) ? wanted : [wanted])
const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b)
const has = (value: unknown, name: unknown) => isObject(value) && Object.hasOwn(value, String(name))

const keywords: Readonly<Record<string, Keyword>> = {
  type: (value, wanted) => list(wanted).some((type) => isOfType(value, type)),
  enum: (value, wanted) => list(wanted).some((one) => same(one, value)),
  const: same,
  required: (value, wanted) => !isObject(value) || list(wanted).every((name) => has(value, name)),
  properties: (value, wanted, check) =>
    !isObject(value) ||
    !isObject(wanted) ||
    Object.keys(wanted).every((name) => !has(value, name) || check(value[name], wanted[name])),
  additionalProperties: (value, wanted, check, { properties, patternProperties }) =>
    !isObject(value) ||
    !!patternProperties ||
    Object.keys(value).every((name) => has(properties, name) || check(value[name], wanted)),
  items: (value, wanted, check, { prefixItems }) =>
    !Array.isArray(value) || !!prefixItems || value.every((item) => check(item, wanted)),
  anyOf: (value, wanted, check) => list(wanted).some((part) => check(value, part)),
  oneOf: (value, wanted, check) => list(wanted).filter((part) => check(value, part)).length === 1,
  allOf: (value, wanted, check) => list(wanted).every((part) => check(value, part)),
  not: (value, wanted, check) => !check(value, wanted),
}

/** minimum, exclusiveMaximum, minLength, maxItems and their like. */
function isWithin(keyword: string, value: unknown, wanted: unknown): boolean {
  const [, exclusive, end, of] = /^(exclusive)?(min|max)(imum|Length|Items)$/i.exec(keyword) ?? []
  const kind = of === 'imum' ? 'number' : of === 'Length' ? 'string' : 'array'
  if (typeof wanted !== 'number' || !isOfType(value, kind)) return true
  const size = Number(of === 'imum' ? value : (value as string | unknown[]).length)
  return exclusive && size === wanted ? false : /min/i.test(end ?? '') ? size >= wanted : !end || size <= wanted
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  return type === 'object' ? isObject(value) : typeof value === type
}

/** A reference within the schema; one that leads out of it allows everything. */
function resolve(reference: unknown, root: unknown): unknown {
  const [start, ...path] = String(reference).split('/')
  return path.reduce<unknown>(
    (at, step) => (has(at, step) ? (at as Record<string, unknown>)[step] : true),
    start === '#' ? root : true,
  )
}
