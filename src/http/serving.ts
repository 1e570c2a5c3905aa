import type { Arrival } from './arrival.ts'
import { callerOf } from './auth.ts'
import type { Door } from './door.ts'
import type { Caller, HttpOptions } from './engine.ts'
import { Entry } from './entry.ts'
import { failureResponse } from './failure.ts'
import { Following } from './watching/following.ts'
import type { Place } from './watching/watch.ts'

export type Serve = (caller: Caller, following: Following, entry: Entry) => Promise<Response>

/** A reply to whoever may ask. */
export function served(
  arrival: Arrival,
  place: Place,
  options: HttpOptions,
  serve: Serve,
  failure?: Door<unknown>['failure'],
): Promise<Response> {
  const reply = async (following: Following) => {
    const caller = await callerOf(arrival.request.headers, options)
    if (caller.holder) following.identified(caller.holder.name)
    const entry = new Entry(arrival, caller, options)
    try {
      return await serve(caller, following, entry)
    } catch (error) {
      entry.failed()
      throw error
    }
  }
  return followed(arrival, place, options, reply, failure)
}

/** A reply that is watched from the request's first byte on, whatever becomes of it. */
export async function followed(
  arrival: Arrival,
  place: Place,
  { watching }: Pick<HttpOptions, 'watching'>,
  reply: (following: Following) => Promise<Response>,
  failure?: Door<unknown>['failure'],
): Promise<Response> {
  const following = new Following(place, arrival, watching)
  try {
    return following.sends(await reply(following))
  } catch (error) {
    const { aborted } = arrival.request.signal
    if (!aborted) following.failed(error)
    else following.left()
    return following.sends(aborted ? new Response(null) : failureResponse(error, failure))
  }
}
