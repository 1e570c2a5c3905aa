import { MullError } from '#core'
import type { Caller, Engine } from './engine.ts'

/** `GET /v1/models` */
export const listModels = async (engine: Engine, caller: Caller): Promise<Response> =>
  Response.json({ object: 'list', data: await engine.models(caller) })

/** `GET /v1/models/:id`, for a name of ours; anything else is the upstream's to know. */
export async function retrieveModel(engine: Engine, id: string, caller: Caller): Promise<Response | undefined> {
  const plan = await engine.plan(id, undefined, caller)
  if (plan.kind === 'relay' && plan.model === id && !engine.reads) return undefined
  const models = await engine.models(caller)
  const base = models.find((model) => model.id === id) ?? models.find((model) => id.startsWith(`${model.id}+`))
  if (!base) throw new MullError('model_not_found', `There is no model "${id}".`, 404, { param: 'model' })
  return Response.json({ ...base, id })
}
