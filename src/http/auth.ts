import { MullError } from '#core'
import type { Fields } from './arrival.ts'
import type { Caller, HttpOptions } from './engine.ts'

/**
 * Who asks, and whether their own key may go upstream where the operator has none: keys of ours never do. Rejects with a 401 for a key that is missing or wrong.
 */
export const callerOf = (headers: Fields, { identify }: Pick<HttpOptions, 'identify'>): Caller | Promise<Caller> =>
  identify ? identified(headers, identify) : { headers, key: undefined }

async function identified(headers: Fields, identify: NonNullable<HttpOptions['identify']>): Promise<Caller> {
  const authorization = headers.get('authorization')
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]
  const given = authorization === null ? (headers.get('x-api-key') ?? undefined) : bearer
  if (given === undefined) throw refused('This proxy asks for an API key: send it as "Authorization: Bearer <key>".')
  const holder = await identify(given)
  if (!holder) throw refused('The API key is not one of those that this proxy knows (MULL_API_KEYS).')
  return { headers, key: null, holder }
}

const refused = (message: string) => new MullError('invalid_api_key', message, 401, { type: 'invalid_request_error' })
