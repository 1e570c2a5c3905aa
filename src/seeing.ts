import type { Config } from './config/index.ts'
import type { HttpOptions } from './http/engine.ts'
import { Traces } from './http/traces/traces.ts'
import type { Watcher, Watching } from './http/watching/watch.ts'

export type SeeingOptions = {
  readonly sending: Watching['sending']
  /** Whether nobody but this machine can ask. */
  readonly local: boolean
  /** Who watches beside those that the configuration asks for. */
  readonly watchers?: readonly Watcher[]
}

/** Everything that sees the requests, by the configuration. */
export function seeing(
  config: Config,
  { sending, local, watchers: further = [] }: SeeingOptions,
): Pick<HttpOptions, 'watching' | 'traces'> {
  const traces = tracesOf(config, local)
  const watchers = [...(traces ? [traces.watcher] : []), ...further]
  return { traces, watching: watchers.length > 0 ? { watchers, sending } : undefined }
}

function tracesOf({ traces: settings, keys }: Config, local: boolean): Traces | undefined {
  const guarded = keys.length > 0
  const { keep = guarded || local ? 'full' : 'off', entries, megabytes } = settings
  return keep === 'off' ? undefined : new Traces({ keep, entries, bytes: megabytes * 1024 * 1024, guarded })
}
