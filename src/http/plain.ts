import type { Arrival, Fields } from './arrival.ts'
import { encode } from './body.ts'
import { deadlineHeader } from './deadline.ts'
import type { Body, Door } from './door.ts'
import type { Caller, Engine, Sent } from './engine.ts'
import type { Entry } from './entry.ts'
import { expectedOf, unambiguous } from './expected.ts'
import { modelInSight } from './model-in-sight.ts'
import { relayIfServed } from './relay.ts'
import type { Following } from './watching/following.ts'
import { cacheHeader } from './wishes.ts'

/** Names a recipe, as the body field `mull.strategy` does. */
export const strategyHeader = 'x-mull-strategy'

/**
 * Whether nothing but where it goes depends on a request: most are such. What asks for more than the upstream's own reply
 * does so by a header, a field or its model's name.
 */
export const asksForNoMore = (headers: Fields, door: Through, engine: Engine, written: Body): boolean =>
  headers.get(strategyHeader) === null &&
  headers.get(deadlineHeader) === null &&
  !mayRecall(headers, door, engine) &&
  isPlain(written) &&
  (typeof written['model'] === 'string' ? !engine.renames(written['model']) : !engine.reads)

/** Hands such a request through; undefined where its path is not served. Rejects with what went wrong. */
export async function handThrough<Form>(
  arrival: Arrival,
  door: Door<Form>,
  engine: Engine,
  caller: Caller,
  following: Following,
  entry: Entry,
  { bytes, written }: { readonly bytes: Uint8Array; readonly written: Body },
): Promise<Response | undefined> {
  const { holder } = caller
  const model = typeof written['model'] === 'string' ? written['model'] : undefined
  const isMeasured = holder?.reads ?? false
  if (isMeasured) holder!.check({ models: model === undefined ? [] : [{ model }], strategies: [] })
  const sent = isMeasured ? unambiguous(written) : asItCame(model, written, bytes)
  following.planned({ model, recipe: undefined, relayed: true })
  await entry.admit(isMeasured && model !== undefined ? expectedOf(model, written, bytes.length, 1) : undefined)
  return await relayIfServed(arrival, engine, caller, door, following, { entry, sent, bytes: bytes.length })
}

function asItCame(model: string | undefined, written: Body, bytes: Uint8Array): Sent {
  if (model === undefined) return { body: bytes }
  const named = (name: string) => modelInSight(bytes)?.bodyFor(name) ?? encode({ ...written, model: name })
  return { asked: { model, bodyFor: (name) => (name === model ? bytes : named(name)) } }
}

/** Whether no field asks for more than the upstream's own reply. */
const isPlain = ({ mull, optillm_approach: approach, n, best_of: best }: Body) =>
  mull === undefined && approach === undefined && (n ?? 1) === 1 && (best ?? 1) === 1

/** Whether the answer may be one that is kept: only then is a request read that has no recipe. */
const mayRecall = (headers: Fields, { through }: Through, { answers }: Engine): boolean =>
  answers !== undefined && !through && (answers.mode === 'on' || headers.get(cacheHeader) !== null)

type Through = { readonly through: boolean }
