import type { Context } from 'hono'

/** Headers, in whatever the runtime keeps them. */
export type Fields = Pick<Headers, 'get' | 'has'> & Iterable<[name: string, value: string]>

/** A request as it came, in the runtime's own form; its URL may be all of it, or begin with the path. */
export type Asking = Pick<Request, 'method' | 'url' | 'body' | 'signal'> & { readonly headers: Fields }

/** A request, and what the runtime gave it along. */
export type Arrival = { readonly request: Asking; readonly env: unknown }

/** One in the web's form, whose body can be read. */
export type Whole = Arrival & { readonly request: Asking & Pick<Request, 'arrayBuffer'> }

/** A request as Hono has it. */
export const arrivalOf = ({ req, env }: Context): Whole => ({ request: req.raw, env })
