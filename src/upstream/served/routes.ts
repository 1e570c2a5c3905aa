import { refusal, unknownModel } from './refusal.ts'

/** A model as OpenAI's list of models has it. */
export type Card = {
  readonly id: string
  readonly object: 'model'
  readonly created: number
  readonly owned_by: string
  readonly [field: string]: unknown
}

/**
 * Serves one model at the paths of OpenAI's API: chat completions, the list of models, and the model itself.
 *
 * @returns a function like fetch, which never leaves the process
 */
export const served =
  (card: Card, chat: (body: unknown, signal: AbortSignal) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    request.signal.throwIfAborted()
    const { pathname } = new URL(request.url)
    const [, path, name] = pathname.match(/\/v1\/(models|chat\/completions)(?:\/([^/]+))?$/) ?? []
    if (path === 'models' && request.method === 'GET') {
      if (name === undefined) return Response.json({ object: 'list', data: [card] })
      return name === card.id ? Response.json(card) : unknownModel(name)
    }
    if (path === undefined || path === 'models' || name !== undefined || request.method !== 'POST')
      return refusal(404, `No such endpoint: ${request.method} ${pathname}`)
    return chat(await request.json().catch(() => null), request.signal)
  }
