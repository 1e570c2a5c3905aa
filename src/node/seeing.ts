import { isIP } from 'node:net'
import type { Config } from '../config/index.ts'
import type { HttpOptions } from '../http/engine.ts'
import type { Unsent } from '../http/telemetry/otlp.ts'
import type { Watcher } from '../http/watching/watch.ts'
import { seeing } from '../seeing.ts'
import { type Batches, batches } from './batches.ts'
import { lines } from './lines.ts'
import { type CountingOptions, counting } from './metrics/metrics.ts'
import { sending } from './sending.ts'

export type Seen = Pick<HttpOptions, 'metrics' | 'traces' | 'watching'>

/** The settings of what sees the requests, which a process keeps to. */
export const lastingSight = [
  'logs.format',
  'logs.level',
  'metrics',
  'traces.keep',
  'traces.entries',
  'traces.megabytes',
  'traces.readable',
  'telemetry.endpoint',
  'telemetry.sampler',
  'telemetry.ratio',
  'telemetry.content',
]

/** Everything that sees the requests of a process. `flush` sends what was not sent yet. */
export function seeingOnNode(
  config: Config,
  replicas: CountingOptions['replicas'],
  watchers: readonly Watcher[],
): { readonly seen: Seen; flush(): Promise<void> | undefined } {
  const metrics = config.metrics === 'off' ? undefined : counting({ open: config.metrics === 'open', replicas })
  let spans: Batches<Unsent> | undefined
  const seen = seeing(config, {
    sending,
    local: isLoopback(config.server.host),
    log: { write: lines(), terminal: process.stdout.isTTY },
    sendingSpans(send) {
      spans = batches(send)
      return spans.push
    },
    watchers: [...(metrics ? [metrics.watcher] : []), ...watchers],
  })
  return { seen: { metrics, ...seen }, flush: () => spans?.flush() }
}

/** Whether nobody but this machine can ask there. */
const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
