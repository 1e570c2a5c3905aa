import { MullError } from '#core'
import type { Caller, Engine, ModelEntry } from './engine.ts'

/** `GET /v1/models`: what may be asked for with the key. */
export async function listModels(engine: Engine, caller: Caller): Promise<Response> {
  const models = await engine.models(caller)
  return Response.json({ object: 'list', data: models.filter((model) => isOpenTo(caller, model)) })
}

function isOpenTo({ holder }: Caller, { id, mull }: ModelEntry): boolean {
  if (!holder) return true
  const { base = id, strategy, alias_of } = (mull ?? {}) as Record<string, string | undefined>
  const named = alias_of === undefined ? { model: base } : { alias: id, model: alias_of.split('+', 1)[0]! }
  return holder.may({ models: [named], strategies: strategy === undefined ? [] : [strategy] })
}

/** `GET /v1/models/:id`, for a name of ours; anything else is the upstream's to know. */
export async function retrieveModel(engine: Engine, id: string, caller: Caller): Promise<Response | undefined> {
  const plan = await engine.plan(id, undefined, caller)
  caller.holder?.check(plan.wanted)
  if (plan.kind === 'relay' && plan.model === id && !engine.reads) return undefined
  const models = await engine.models(caller)
  const base = models.find((model) => model.id === id) ?? models.find((model) => id.startsWith(`${model.id}+`))
  if (!base) throw new MullError('model_not_found', `There is no model "${id}".`, 404, { param: 'model' })
  return Response.json({ ...base, id })
}
