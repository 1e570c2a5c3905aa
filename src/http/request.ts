import * as z from 'zod'
import { BadRequest, type Limits } from '#core'
import { parse } from './body.ts'
import { thinkForms } from './engine.ts'
import { cacheField } from './wishes.ts'

const positive = z.number().positive()
/** How many samples are enough for an answer: a whole number, or below 1 a share of those asked for. */
export const quorum = z.union(
  [z.int().min(1), z.number().gt(0).lt(1)],
  'not a whole number from 1, or a share between 0 and 1',
)

/** Whether late samples are asked for a second time; a number is the share of their siblings that must be in, 0.95 for true. */
export const hedge = z.union(
  [z.boolean(), z.number().min(0.5).lt(1)],
  'not true, false, or a share from 0.5 to below 1',
)

/** The body field `mull`: what the model's name cannot say, or need not. */
const extension = z.strictObject({
  /** A recipe without the model: "sc@16". */
  strategy: z.string().min(1).max(2000).optional(),
  budget: z
    .strictObject({
      calls: z.int().positive().optional(),
      tokens: positive.optional(),
      ms: positive.optional(),
      cost: positive.optional(),
    })
    .optional(),
  think: z.enum(thinkForms).optional(),
  cache: cacheField.optional(),
  /** Whether samples of earlier requests are counted, and those of this one kept. */
  bank: z.boolean().optional(),
  /** When the answer must be there; see deadline.ts. */
  deadline: z.union([positive, z.string()]).optional(),
  quorum: quorum.optional(),
  hedge: hedge.optional(),
})

export type MullExtension = z.output<typeof extension>

/** A field that may be absent or null, which is the same. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)

/** Fields that every door has. */
export const common = {
  model: z.string(),
  stream: maybe(z.boolean()),
  temperature: maybe(z.number().min(0).max(2)),
  seed: maybe(z.int()),
  mull: z.unknown().optional(),
}

/** Strings that end the answer. */
export const stops = z.array(z.string()).max(16)

/** Only what is needed to tell where a request goes. */
const address = z.looseObject({ model: z.string().min(1), mull: maybe(extension) })

/** A body that is a JSON object, nested no deeper and with a name no longer than anybody means. Throws BadRequest. */
export function understood(bytes: Uint8Array): Record<string, unknown> {
  const body = parse(bytes)
  refuseDepth(body)
  refuseLength(body['model'])
  return body
}

/** The model a request asks for, and the recipe beside it. Throws BadRequest. */
export function readAddress(body: Readonly<Record<string, unknown>>) {
  const { model, mull } = isPlain(body) ? body : readBy(address, body)
  return { model, strategy: mull?.strategy, extension: mull }
}

/** Most requests are relayed, and need no schema to see where. */
const isPlain = (body: Readonly<Record<string, unknown>>): body is { model: string; mull?: undefined } =>
  typeof body['model'] === 'string' && body['model'] !== '' && body['mull'] === undefined

/** The client's own limits. */
export function budgetOf(extension: MullExtension | undefined): Limits {
  return defined(extension?.budget ?? {})
}

/** The share of its siblings after whose time a late sample is asked for again; undefined for never. */
export function hedgeOf(wanted: z.output<typeof hedge>): number | undefined {
  return wanted === true ? 0.95 : wanted || undefined
}

/** The parts of a prompt that every door has. */
export function settings(fields: { temperature?: unknown; seed?: unknown; stop?: readonly string[] | undefined }) {
  const stop = fields.stop?.filter((text) => text !== '') ?? []
  return defined({
    temperature: fields.temperature,
    seed: fields.seed,
    stop: stop.length > 0 ? stop : undefined,
  }) as { temperature?: number; seed?: number; stop?: readonly string[] }
}

/** An object without the fields that have no value. */
export const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [field in keyof T]?: Exclude<T[field], undefined>
  }

/** What is read by recursion must not be nested without end. Throws BadRequest. */
function refuseDepth(body: unknown): void {
  if (isDeeperThan(deepest, body)) throw new BadRequest(`The body is nested more than ${deepest} levels deep.`)
}

/** More levels than any client means. */
const deepest = 100

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  // Every request passes here, and most of what is in it is text.
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return inner.some((one) => typeof one === 'object' && isDeeperThan(levels - 1, one))
}

/** Longer than the name of any model, and any recipe behind one. */
const longest = { name: 256, whole: 2000 }

/** A model's name that nobody means is neither looked up nor logged. Throws BadRequest. */
function refuseLength(model: unknown): void {
  if (typeof model !== 'string' || model.length <= longest.name) return
  const { length } = model.split('+', 1)[0]!
  const told = (what: string, length: number, most: number) =>
    new BadRequest(`model: ${what} is ${length} characters long, and may be ${most}.`, { param: 'model' })
  if (length > longest.name) throw told('its name', length, longest.name)
  if (model.length > longest.whole) throw told('it with its recipe', model.length, longest.whole)
}

/** A body by its schema. Throws BadRequest that names the field, what was given and what is allowed. */
export function readBy<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const param = issue.path.map(String).join('.')
  const given = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], body)
  const found = given === undefined ? 'it is missing' : `it is ${JSON.stringify(given)?.slice(0, 100)}`
  throw new BadRequest(
    param ? `${param}: ${issue.message}; ${found}.` : `The body is not a chat request: ${issue.message}.`,
    {
      ...(param ? { param } : {}),
    },
  )
}
