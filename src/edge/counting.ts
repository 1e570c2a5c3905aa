import type { Config } from '../config/index.ts'
import { isCounted } from '../gate.ts'
import type { Allowances } from '../state/allowance.ts'
import { type AccountNamespace, durableAllowances } from '../state/durable.ts'
import { memoryAllowances } from '../state/memory.ts'
import { steady } from '../state/steady.ts'

/** Where the use of keys is counted: in the Durable Objects that are bound, else by each isolate, which the log says. */
export function counting({ MULL_STATE: bound }: Readonly<Record<string, unknown>>, config: Config): Allowances {
  if (bound) {
    const shared = durableAllowances(bound as AccountNamespace)
    return steady(shared, { title: 'The Durable Object', timeoutMs: config.store.timeout, log })
  }
  if (isCounted(config)) log('There is no binding MULL_STATE: each isolate keeps the limits of keys by itself.')
  return memoryAllowances()
}

const log = (line: string) => console.error(line)
