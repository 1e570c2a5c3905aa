import type { Caller, ModelEntry } from '../upstream/index.ts'
import type { Named, Place } from './place.ts'

/** A model by the name that clients know it by, and where it is. */
export type Listed = { readonly entry: ModelEntry; readonly place: Place }

/**
 * The models of several upstreams as one list. A name that an earlier one has, too, is told with that of its upstream in
 * front. One that cannot be asked is left out; rejects with its error if none can.
 */
export async function merged(all: readonly Named[], caller: Caller): Promise<readonly Listed[]> {
  const lists = await Promise.allSettled(all.map((at) => modelsOf(at, caller)))
  const [failed] = lists.filter((list) => list.status === 'rejected')
  const listed = lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []))
  if (failed && listed.length === 0) throw failed.reason
  const taken = new Set<string>()
  return listed.map(({ entry, place }) => {
    const id = taken.has(entry.id) ? `${place.at.name}/${entry.id}` : entry.id
    taken.add(id)
    return { entry: { ...entry, id }, place }
  })
}

async function modelsOf(at: Named, caller: Caller): Promise<readonly Listed[]> {
  const { serves, upstream, as } = at
  const outright = (serves?.names ?? []).map((id) => ({
    entry: { id, object: 'model', created: 0, owned_by: at.name },
    place: { at, model: serves!.exactly(id)! },
  }))
  // Names alone need not be asked for.
  if (serves && !serves.open) return outright
  const own = await upstream.models(as(caller)).catch((error: unknown) => {
    if (outright.length > 0) return []
    throw error
  })
  const fitting = own.filter(({ id }) => !serves || (serves.exactly(id) === undefined && serves.like(id) === id))
  return [...outright, ...fitting.map((entry) => ({ entry, place: { at, model: entry.id } }))]
}
