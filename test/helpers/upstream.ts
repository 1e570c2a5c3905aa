import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { failure, other, render } from './render.ts'
import type { Asked, AskedJson, Gate, Raw, Reply } from './reply.ts'

export * from './reply.ts'

/** What to answer to a chat completion request; `index` counts those alone, from 0. */
export type Script = (asked: Asked, index: number) => Reply | Promise<Reply>

/** A fake OpenAI upstream on a loopback port. `startUpstream` makes one. */
export class Upstream implements AsyncDisposable {
  /** Every request, in order. */
  readonly asked: Asked[] = []
  /** Requests whose reply has not ended and whose client has not left. */
  inFlight = 0
  /** The most there ever were in flight. */
  peak = 0
  /** Requests whose client left before their reply had ended. */
  left = 0
  /** What GET /v1/models lists; undefined: it is not found. */
  models: string[] | undefined = ['r1', 'other']
  /** What is answered elsewhere, by method and path: "POST /v1/messages". */
  routes: Record<string, Raw> = {}

  #chats = 0
  #script: Script
  #watchers = new Set<() => void>()
  #server = createServer((request, response) => {
    // A body that never comes in whole is no request.
    this.#answer(request, response).catch(() => response.destroy())
  })

  constructor(script: Script) {
    this.#script = script
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** Replaces the script; the index goes on. */
  reply(script: Script) {
    this.#script = script
  }

  /** Resolves as soon as `predicate` holds, asked now and at every change; rejects after 5 s. */
  until(predicate: (upstream: Upstream) => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      try {
        if (predicate(this)) resolve()
      } catch (error) {
        reject(error)
      }
    }
    const timer = setTimeout(() => {
      const { asked, inFlight, peak, left } = this
      const counts = JSON.stringify({ asked: asked.length, inFlight, peak, left })
      reject(new Error(`Not within 5 s: ${predicate}, with ${counts}`))
    }, 5000)
    this.#watchers.add(look)
    look()
    return promise.finally(() => {
      clearTimeout(timer)
      this.#watchers.delete(look)
    })
  }

  async listen(port = 0) {
    await once(this.#server.listen(port, '127.0.0.1'), 'listening')
    return this
  }

  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  [Symbol.asyncDispose]() {
    return this.close()
  }

  #changed() {
    for (const look of this.#watchers) look()
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    const closed = new Promise<void>((resolve) => response.once('close', resolve))
    const raw = await buffer(request)
    const { method = '', url: path = '', headers } = request
    const asked: Asked = { method, path, headers, raw, json: parse(raw) }
    this.asked.push(asked)
    this.inFlight += 1
    this.peak = Math.max(this.peak, this.inFlight)
    let ended = false
    closed.then(() => {
      this.inFlight -= 1
      if (!ended) this.left += 1
      this.#changed()
    })
    this.#changed()

    const { hold, holdAfter, raw: sent } = await this.#find(asked)
    const pause = (at: Gate | undefined) => Promise.race([at?.promise, closed])
    const held = (sentChunks: number) => (sentChunks === holdAfter?.chunks ? holdAfter.gate : undefined)
    await pause(hold)
    response.writeHead(sent.status ?? 200, { 'content-type': typeFor(asked), ...sent.headers }).flushHeaders()
    await pause(held(0))
    for (const [index, chunk] of sent.chunks.entries()) {
      if (response.destroyed) return
      await Promise.race([new Promise((resolve) => response.write(chunk, resolve)), closed])
      await pause(held(index + 1))
    }
    if (response.destroyed) return
    ended = true
    if (sent.cut) response.destroy()
    else response.end()
  }

  async #find(asked: Asked): Promise<Extract<Reply, { raw: Raw }>> {
    const route = `${asked.method} ${asked.path.split('?')[0]}`
    const fixed = this.routes[route]
    if (fixed) return { raw: fixed }
    if (route !== 'POST /v1/chat/completions') return { raw: other(asked, this.models) }
    const index = this.#chats++
    try {
      const { hold, holdAfter, ...reply } = await this.#script(asked, index)
      return { hold, holdAfter, raw: render(reply, asked.json ?? {}, index) }
    } catch (error) {
      return { raw: failure({ status: 500, error: { message: `The script failed: ${error}` } }) }
    }
  }
}

const parse = (raw: Buffer): AskedJson | undefined => {
  try {
    return JSON.parse(raw.toString()) as AskedJson
  } catch {
    return undefined
  }
}
const typeFor = ({ json }: Asked) => (json?.stream === true ? 'text/event-stream' : 'application/json')

/** Starts one. Without a script it says 'ok' to everything. */
export const startUpstream = (script: Script = () => ({ text: 'ok' })): Promise<Upstream> =>
  new Upstream(script).listen()
