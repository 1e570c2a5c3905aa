import { limiter } from './limited.ts'
import type { Transport, Via } from './transport.ts'

/** How the calls of one request are spread over invocations of the same Worker. */
export type Spread = {
  /** How many calls of one invocation may wait for their response headers at once. */
  readonly waiting: number
  readonly further?: Further | undefined
}

export type Further = {
  /** How many further invocations there may be. */
  readonly most: number
  /** Opens one. Rejects where that is not possible. */
  readonly open: () => Promise<Via>
}

/** Spreads the calls of a request, whichever upstream they go to; a request is known by an object of its own. */
export type Spreading = (request: object) => (transport: Transport) => Transport

export function spreading(spread: Spread): Spreading {
  const known = new WeakMap<object, ReturnType<Spreading>>()
  return (request) => {
    const own = known.get(request) ?? ofOne(spread)
    known.set(request, own)
    return own
  }
}

/** An invocation, and how many calls it was given whose headers are not there yet; the first one is our own. */
type Place = { waiting: number; readonly via?: Promise<Via | undefined> }

/**
 * At most so many calls in each invocation that wait for their response headers: the next ones go out from further
 * invocations, as many as there may be. What is left waits here and not at the platform, so that its time-out starts when
 * its turn comes. What was meant for an invocation that could not be opened goes out from our own.
 */
function ofOne({ waiting, further }: Spread): (transport: Transport) => Transport {
  const places: Place[] = [{ waiting: 0 }]
  const anywhere = limiter(waiting * (1 + (further?.most ?? 0)))
  const here = limiter(waiting)

  return (transport) => ({
    ...transport,
    send: (call) =>
      anywhere(async () => {
        const place = places.find((place) => place.waiting < waiting) ?? another(further!)
        place.waiting++
        try {
          const via = await place.via
          return await (via ? transport.send({ ...call, via }) : here(() => transport.send(call)))
        } finally {
          place.waiting--
        }
      }),
  })

  function another({ open }: Further): Place {
    const place: Place = { waiting: 0, via: open().catch(() => undefined) }
    places.push(place)
    return place
  }
}
