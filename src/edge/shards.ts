import { exports, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers'
import { untilAborted } from '#core'
import type { Via } from '../upstream/transport.ts'

/** The calls of one further invocation. */
export class Calls extends RpcTarget {
  readonly #leaving = new Map<number, () => void>()

  async send(id: number, url: string, init: RequestInit): Promise<Response> {
    const gone = new AbortController()
    this.#leaving.set(id, () => gone.abort())
    return fetch(url, { ...init, signal: gone.signal })
  }

  /** Ends a call, whether its reply has begun or not. */
  async leave(id: number): Promise<void> {
    this.#leaving.get(id)?.()
    this.#leaving.delete(id)
  }
}

/**
 * An invocation of this Worker with connections of its own. It has no address: only the Worker that it is part of can ask
 * it, over the binding that every Worker has to itself.
 */
export class MullShard extends WorkerEntrypoint {
  open(): Calls {
    return new Calls()
  }
}

/** Opens a further invocation, for the request that is being answered. Rejects where the platform allows no more. */
export async function openShard(): Promise<Via> {
  const calls = await exports.MullShard.open()
  let next = 0
  return async (url, { signal, ...init }) => {
    const id = next++
    const leave = () => void calls.leave(id).catch(() => {})
    signal?.throwIfAborted()
    signal?.addEventListener('abort', leave, { once: true })
    const reply = calls.send(id, url, init)
    return signal ? untilAborted(reply, signal) : reply
  }
}
