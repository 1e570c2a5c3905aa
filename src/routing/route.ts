import { MullError } from '#core'
import { nearest } from '../recipe/nearest.ts'
import type { Caller } from '../upstream/index.ts'
import type { Named, Place } from './place.ts'

/** Finds the upstream of a model. Rejects with a 404 for one that none serves, or with why its list cannot be read. */
export type Route = (model: string, caller: Caller) => Place | Promise<Place>

/**
 * In this order: an upstream that is said to serve exactly this name; the one that the name begins with,
 * "upstream/model"; one with a pattern that fits; one that lists it. The first in the configuration of those that are equal.
 */
export function router(all: readonly Named[]): Route {
  const undeclared = all.filter(({ serves }) => serves === undefined)
  return (model, caller) => {
    const place =
      first((named) => named.serves?.exactly(model)) ?? prefixed(model) ?? first((named) => named.serves?.like(model))
    if (place) return place
    const [only, ...others] = undeclared
    return only && others.length === 0 ? { at: only, model } : listed(model, caller)
  }

  function first(naming: (named: Named) => string | undefined): Place | undefined {
    for (const at of all) {
      const model = naming(at)
      if (model !== undefined) return { at, model }
    }
    return undefined
  }

  function prefixed(name: string): Place | undefined {
    return first((named) => {
      if (!name.startsWith(`${named.name}/`)) return undefined
      const model = name.slice(named.name.length + 1)
      return named.serves?.exactly(model) ?? named.serves?.like(model) ?? model
    })
  }

  async function listed(model: string, caller: Caller): Promise<Place> {
    const lists = await Promise.allSettled(undeclared.map(({ upstream, as }) => upstream.models(as(caller))))
    const ids = lists.map((list) => (list.status === 'fulfilled' ? list.value.map(({ id }) => id) : []))
    const found = ids.findIndex((known) => known.includes(model) || known.includes(`${model}:latest`))
    if (found >= 0) return { at: undeclared[found]!, model }
    const unread = lists.find((list) => list.status === 'rejected')
    if (unread) throw unread.reason
    throw nowhere(model, [...all.flatMap(({ serves }) => serves?.names ?? []), ...ids.flat()])
  }
}

const nowhere = (model: string, known: readonly string[]) =>
  new MullError(
    'model_not_found',
    `No upstream serves "${model}".${nearest(model, known)} GET /v1/models lists what there is.`,
    404,
    {
      param: 'model',
      type: 'invalid_request_error',
    },
  )
