import { answers } from './here.ts'
import { Refused, type Send } from './sending.ts'

/** The first model that a Mull lists and a question can be put to. Rejects where there is none. */
export async function firstListed(send: Send): Promise<string> {
  const reply = await send('/models')
  const body = (await reply.json().catch(() => undefined)) as Listed | undefined
  if (!reply.ok) throw new Refused(body, reply.status)
  const plain = (body?.data ?? []).filter(({ mull }) => mull?.strategy === undefined).map(({ id }) => id)
  const model = plain.find(answers)
  if (model === undefined) throw new Error('No model is listed there; -m names one.')
  return model
}

type Listed = { readonly data?: readonly { readonly id: string; readonly mull?: { readonly strategy?: string } }[] }
