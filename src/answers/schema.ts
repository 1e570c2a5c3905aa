import { canonicalJson } from './json.ts'

/**
 * Whether a value breaks a JSON Schema, as far as the keywords below say. Keywords that are not known are not enforced:
 * a vote is only taken from an answer that is certainly wrong.
 */
export function breaks(value: unknown, schema: unknown): boolean {
  return !holds(value, schema, schema, 0)
}

type Schema = { readonly [keyword: string]: unknown }

function holds(value: unknown, schema: unknown, root: unknown, depth: number): boolean {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema) || depth > deepest) return true
  const check = (inner: unknown, part: unknown) => holds(inner, part, root, depth + 1)
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (keyword === '$ref') return check(value, resolve(wanted, root))
    return keywords[keyword]?.(value, wanted, check, schema) ?? true
  })
}

type Keyword = (
  value: unknown,
  wanted: unknown,
  check: (value: unknown, schema: unknown) => boolean,
  schema: Schema,
) => boolean

const deepest = 64
const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (wanted: unknown): readonly unknown[] => (Array.isArray(wanted) ? wanted : [])
const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b)
const measure = (value: unknown) => (typeof value === 'string' || Array.isArray(value) ? value.length : value)
const compared =
  (test: (value: number, wanted: number) => boolean, kind: string): Keyword =>
  (value, wanted) =>
    (Array.isArray(value) ? 'array' : typeof value) !== kind || test(Number(measure(value)), Number(wanted))
const atLeast = (a: number, b: number) => a >= b
const atMost = (a: number, b: number) => a <= b

const keywords: Readonly<Record<string, Keyword>> = {
  type: (value, wanted) => (Array.isArray(wanted) ? wanted : [wanted]).some((type) => isOfType(value, type)),
  enum: (value, wanted) => list(wanted).some((one) => same(one, value)),
  const: (value, wanted) => same(wanted, value),
  properties: (value, wanted, check) =>
    !isObject(value) ||
    !isObject(wanted) ||
    Object.entries(wanted).every(([name, part]) => !Object.hasOwn(value, name) || check(value[name], part)),
  required: (value, wanted) => !isObject(value) || list(wanted).every((name) => Object.hasOwn(value, String(name))),
  additionalProperties: (value, wanted, check, { properties, patternProperties }) =>
    !isObject(value) ||
    patternProperties !== undefined ||
    Object.keys(value).every(
      (name) => (isObject(properties) && Object.hasOwn(properties, name)) || check(value[name], wanted),
    ),
  items: (value, wanted, check, { prefixItems }) =>
    !Array.isArray(value) || prefixItems !== undefined || value.every((item) => check(item, wanted)),
  anyOf: (value, wanted, check) => list(wanted).some((part) => check(value, part)),
  oneOf: (value, wanted, check) => list(wanted).filter((part) => check(value, part)).length === 1,
  allOf: (value, wanted, check) => list(wanted).every((part) => check(value, part)),
  not: (value, wanted, check) => !check(value, wanted),
  minimum: compared(atLeast, 'number'),
  maximum: compared(atMost, 'number'),
  exclusiveMinimum: compared((a, b) => a > b, 'number'),
  exclusiveMaximum: compared((a, b) => a < b, 'number'),
  minLength: compared(atLeast, 'string'),
  maxLength: compared(atMost, 'string'),
  minItems: compared(atLeast, 'array'),
  maxItems: compared(atMost, 'array'),
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return typeof value === type
}

/** A reference within the schema; one that leads out of it allows everything. */
function resolve(reference: unknown, root: unknown): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return true
  const path = reference
    .slice(1)
    .split('/')
    .filter(Boolean)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return path.reduce<unknown>(
    (at, step) => (isObject(at) && Object.hasOwn(at, step) ? at[step] : Array.isArray(at) ? at[Number(step)] : true),
    root,
  )
}
