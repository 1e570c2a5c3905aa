import type { Whole } from './arrival.ts'
import { readBody } from './body.ts'
import type { Caller, Engine, HttpOptions, Sent } from './engine.ts'
import type { Entry } from './entry.ts'
import { completionsIn, expectedOf, unambiguous } from './expected.ts'
import { ceilingOf } from './limits.ts'
import { modelInSight } from './model-in-sight.ts'
import { relay } from './relay.ts'
import { understood } from './request.ts'
import type { Following } from './watching/following.ts'

/**
 * A request that is not for a door, handed through. Where its model says where it goes, its body is looked at; where its
 * key is for some models only, or what it takes is counted, that is read. Rejects with what went wrong.
 */
export async function elsewhere(
  arrival: Whole,
  engine: Engine,
  options: HttpOptions,
  caller: Caller,
  following: Following,
  entry: Entry,
): Promise<Response> {
  const isJson = arrival.request.headers.get('content-type')?.includes('json') ?? false
  if (!caller.holder?.reads) {
    await entry.admit()
    const looked = engine.reads && isJson ? { sent: named(await readBody(arrival.request, options.maxBodyBytes)) } : {}
    return relay(arrival, engine, caller, following, { entry, ...looked })
  }
  const bytes = isJson ? await readBody(arrival.request, options.maxBodyBytes) : undefined
  const asked = bytes?.length ? understood(bytes) : undefined
  const model = typeof asked?.['model'] === 'string' ? asked['model'] : undefined
  caller.holder.check({ models: model === undefined ? [] : [{ model }], strategies: [] })
  if (!asked) {
    await entry.admit()
    return relay(arrival, engine, caller, following, { entry })
  }
  const calls = completionsIn(asked, ceilingOf(caller, options))
  const sent = unambiguous(asked)
  await entry.admit(model === undefined ? undefined : expectedOf(model, asked, bytes!.length, calls))
  return relay(arrival, engine, caller, following, { entry, sent, bytes: bytes!.length })
}

/** A body whose model says where it goes. */
function named(body: Uint8Array): Sent {
  const asked = modelInSight(body)
  return asked ? { asked } : { body }
}
