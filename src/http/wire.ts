import * as z from 'zod'
import { BadRequest, type Limits, type Prompt } from '#core'
import { type ThinkForm, thinkForms } from './engine.ts'

const positive = z.number().positive()

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
})

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)

/** The fields of a chat request that a recipe acts on; every other goes to the upstream as it is. */
const request = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream: maybe(z.boolean()),
  stream_options: maybe(z.looseObject({ include_usage: maybe(z.boolean()) })),
  n: maybe(z.int().min(1).max(128)),
  temperature: maybe(z.number().min(0).max(2)),
  seed: maybe(z.int()),
  stop: maybe(z.union([z.string(), z.array(z.string()).max(16)])),
  mull: maybe(extension),
})

export type ChatRequest = {
  readonly prompt: Prompt
  readonly stream: boolean
  readonly includeUsage: boolean
  /** How many distinct answers the client wants at the most. */
  readonly n: number
  readonly budget: Limits
  readonly think: ThinkForm | undefined
}

/** Only what is needed to tell where a request goes. */
const address = z.looseObject({ model: z.string().min(1).max(2000), mull: maybe(extension) })

/** The model a request asks for, and the recipe beside it. Throws BadRequest. */
export function readAddress(body: Readonly<Record<string, unknown>>) {
  const { model, mull } = isPlain(body) ? body : read(address, body)
  return { model, strategy: mull?.strategy, extension: mull }
}

/** Most requests are relayed, and need no schema to see where. */
const isPlain = (body: Readonly<Record<string, unknown>>): body is { model: string; mull?: undefined } =>
  typeof body['model'] === 'string' &&
  body['model'] !== '' &&
  body['model'].length <= 2000 &&
  body['mull'] === undefined

/** A request that a recipe answers. Throws BadRequest that names the field, what was given and what is allowed. */
export function readChat(body: unknown): ChatRequest {
  if (isDeeperThan(deepest, body)) throw new BadRequest(`The body is nested more than ${deepest} levels deep.`)
  const {
    model: _model,
    messages,
    stream,
    stream_options,
    n,
    temperature,
    seed,
    stop,
    mull,
    ...rest
  } = read(request, body)
  const stops = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((text) => text !== '')
  return {
    prompt: {
      messages,
      rest,
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
      ...(stops.length > 0 ? { stop: stops } : {}),
    },
    stream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    n: n ?? 1,
    budget: defined(mull?.budget ?? {}),
    think: mull?.think,
  }
}

const deepest = 100

const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)))

function defined(budget: { [limit in keyof Limits]?: number | undefined }): Limits {
  return Object.fromEntries(Object.entries(budget).filter(([, limit]) => limit !== undefined))
}

function read<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
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
