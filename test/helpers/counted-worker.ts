import { AsyncLocalStorage } from 'node:async_hooks'
import { Calls } from '../../src/edge/shards.ts'
import worker, { MullShard as Shard } from '../../src/worker.ts'

/** The Worker, whose upstream calls say which of its invocations they come from. */
export default {
  fetch: (...request: Parameters<typeof worker.fetch>) =>
    invocation.run(crypto.randomUUID(), () => worker.fetch(...request)),
}

export class MullShard extends Shard {
  override open() {
    return new Counted()
  }
}

class Counted extends Calls {
  readonly #name = crypto.randomUUID()

  override send(...call: Parameters<Calls['send']>) {
    return invocation.run(this.#name, () => super.send(...call))
  }
}

const invocation = new AsyncLocalStorage<string>()
const send = globalThis.fetch
globalThis.fetch = (url, init) => {
  const headers = new Headers(init?.headers)
  headers.set('invocation', invocation.getStore()!)
  return send(url, { ...init, headers })
}
