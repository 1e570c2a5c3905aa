import type { Context } from 'hono'
import { encode } from './body.ts'
import { deadlineHeader } from './deadline.ts'
import type { Body, Door } from './door.ts'
import type { Caller, Engine, Sent } from './engine.ts'
import { modelInSight } from './model-in-sight.ts'
import { cacheHeader } from './wishes.ts'

/** Names a recipe, as the body field `mull.strategy` does. */
export const strategyHeader = 'x-mull-strategy'

/**
 * What goes on of a request on which nothing but where it goes depends: most are such. Undefined for one that may ask for
 * more than the upstream's own reply, be it by a header, a field, its model's name or the limits of its key.
 */
export function asItCame(
  c: Context,
  door: Pick<Door<unknown>, 'through'>,
  engine: Engine,
  caller: Caller,
  written: Body,
  bytes: Uint8Array,
): Sent | undefined {
  const mustBeRead = caller.holder?.reads || mayRecall(c, door, engine)
  const asksForMore = c.req.header(strategyHeader) !== undefined || c.req.header(deadlineHeader) !== undefined
  if (mustBeRead || asksForMore || !isPlain(written)) return undefined
  const { model } = written
  if (typeof model !== 'string') return engine.reads ? undefined : { body: bytes }
  if (engine.renames(model)) return undefined
  const named = (name: string) => modelInSight(bytes)?.bodyFor(name) ?? encode({ ...written, model: name })
  return { asked: { model, bodyFor: (name) => (name === model ? bytes : named(name)) } }
}

/** Whether no field asks for more than the upstream's own reply. */
const isPlain = ({ mull, optillm_approach: approach, n, best_of: best }: Body) =>
  mull === undefined && approach === undefined && (n ?? 1) === 1 && (best ?? 1) === 1

/** Whether the answer may be one that is kept: only then is a request read that has no recipe. */
const mayRecall = (c: Context, { through }: Pick<Door<unknown>, 'through'>, { answers }: Engine): boolean =>
  answers !== undefined && !through && (answers.mode === 'on' || c.req.header(cacheHeader) !== undefined)
