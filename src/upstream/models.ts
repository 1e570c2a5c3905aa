import { LRUCache } from 'lru-cache'
import { MullError, UpstreamFailed } from '#core'
import { type Caller, ownerOf, sampled } from './headers.ts'
import { readText } from './read-text.ts'
import { cut, refusalOf } from './refusal.ts'
import type { Transport } from './transport.ts'

/** A model as `GET /v1/models` lists it; fields that servers add (max_model_len, owned_by) are kept. */
export type ModelEntry = { readonly id: string; readonly [field: string]: unknown }

const freshMs = 60_000
const failedMs = 5_000
const longestWaitMs = 5_000
const largestList = 16 * 1024 * 1024

type Listing = { readonly entries: readonly ModelEntry[] } | { readonly error: unknown }

/**
 * The upstream's list of models, asked for at most once a minute for each key, and again a few seconds after it failed.
 * Rejects with the upstream's own error. Requests do not wait for each other's question: on Workers one that is cancelled
 * would take the others with it.
 */
export function modelList(transport: Transport): (caller: Caller) => Promise<readonly ModelEntry[]> {
  const lists = new LRUCache<string, Listing>({ max: 1000 })
  return async (caller) => {
    const owner = ownerOf(caller)
    let listing = lists.get(owner)
    if (!listing) {
      listing = await fetchList(transport, caller).then(
        (entries) => ({ entries }),
        (error: unknown) => ({ error }),
      )
      lists.set(owner, listing, { ttl: 'error' in listing ? failedMs : freshMs })
    }
    if ('error' in listing) throw listing.error
    return listing.entries
  }
}

async function fetchList(transport: Transport, caller: Caller): Promise<readonly ModelEntry[]> {
  const headers = sampled(caller)
  headers.set('accept', 'application/json')
  const signal = AbortSignal.timeout(longestWaitMs)
  try {
    const reply = await transport.send({ method: 'GET', path: '/models', headers, signal })
    if (reply.status >= 300) throw await refusalOf(reply, headers)
    const data = listed(await readText(reply.body, largestList))
    return data.filter((entry) => typeof entry?.id === 'string')
  } catch (error) {
    if (signal.aborted) throw tooLate()
    throw error instanceof MullError ? error : cut(error)
  }
}

const tooLate = () =>
  new UpstreamFailed('upstream_timeout', `The upstream did not list its models within ${longestWaitMs / 1000} s.`, 504)

/** OpenAI wraps the list in `data`; some servers send it bare. */
function listed(text: string): ModelEntry[] {
  try {
    const json = JSON.parse(text)
    const data = json?.data ?? json
    if (Array.isArray(data)) return data
  } catch {}
  throw new UpstreamFailed('upstream_garbled', 'The upstream sent a list of models that cannot be read.', 502)
}
