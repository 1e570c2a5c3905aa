import type { Model } from '#core'
import type { Can, Known } from '../upstream/capabilities.ts'
import type { Caller, Upstream } from '../upstream/index.ts'
import { lacking } from '../upstream/lacking.ts'
import { merged } from './merged.ts'
import { hasFailed, inTurn, isDown } from './passing.ts'
import type { Named, Place } from './place.ts'
import { router } from './route.ts'
import type { Upstreams } from './upstreams.ts'

type Fallbacks = Readonly<Record<string, readonly string[]>>

/** Several upstreams as one: each model is asked where it is, and where that fails those in whose place it stands. */
export function several(all: readonly [Named, ...Named[]], fallbacks: Fallbacks): Upstreams {
  const route = router(all)
  const absent = lacking()
  /** What was seen in a list, for what must be told without asking. */
  const seen = new Map<string, Place>()
  const chainOf = (model: string) => [model, ...(Object.hasOwn(fallbacks, model) ? fallbacks[model]! : [])] as const
  const keyOf = (path: string, model: string | undefined) => JSON.stringify([path, model])

  return {
    reads: true,
    model(name, caller, reuse) {
      const chain = chainOf(name)
      const modelOf = onceEach((model) => at(model, caller, (place) => modelAt(place, caller, reuse)))
      return chain.length === 1 ? modelOf(name) : inTurn(chain, modelOf)
    },
    can(name, caller): Can {
      return async (capability, scope) => {
        const { at, model } = await route(name, caller)
        return at.upstream.can(model, at.as(caller))(capability, scope)
      }
    },
    known(name): Known {
      const place = seen.get(name)
      return place ? place.at.upstream.known(place.model) : {}
    },
    lacking: {
      has: (path, model) => absent.has(keyOf(path, model)),
      add: (path, model) => absent.add(keyOf(path, model)),
    },
    async models(caller) {
      const listed = await merged(all, caller)
      for (const { entry, place } of listed) seen.set(entry.id, place)
      return listed.map(({ entry }) => entry)
    },
    async relay({ asked, ...relayed }, caller) {
      // What names no model is for the first.
      if (!asked) return all[0].upstream.relay(relayed, all[0].keyOf(caller))
      const chain = chainOf(asked.model)
      for (const [index, name] of chain.entries()) {
        const hasNext = index + 1 < chain.length
        let passed = false
        const declines = (status: number) => {
          passed = hasNext && isDown(status)
          return passed || (relayed.declines?.(status) ?? false)
        }
        const added = (id: string | undefined) =>
          index > 0 ? { ...relayed.added(id), 'x-mull-model': encodeURI(name.toWellFormed()) } : relayed.added(id)
        try {
          const { at, model } = await route(name, caller)
          const body = asked.bodyFor(model)
          const fields = relayed.fields && { fields: { ...relayed.fields, model } }
          const reply = await at.upstream.relay({ ...relayed, ...fields, body, declines, added }, at.keyOf(caller))
          if (!passed) return reply
        } catch (error) {
          if (!hasNext || !hasFailed(error)) throw error
        }
      }
      return undefined
    },
  }

  /** A model whose place may have to be looked for first; it is looked for once. */
  function at(name: string, caller: Caller, modelOf: (place: Place) => Model): Model {
    const place = route(name, caller)
    if (!(place instanceof Promise)) return modelOf(place)
    const model = place.then(modelOf)
    model.catch(() => {})
    return async (prompt, scope) => (await model)(prompt, scope)
  }
}

const modelAt = ({ at, model }: Place, caller: Caller, reuse: Parameters<Upstream['model']>[2]): Model =>
  at.upstream.model(model, at.as(caller), reuse)

function onceEach<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>()
  return (name) => {
    const one = made.get(name) ?? make(name)
    made.set(name, one)
    return one
  }
}
