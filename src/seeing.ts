import { type Config, mainOf } from './config/index.ts'
import type { HttpOptions } from './http/engine.ts'
import { type LogOptions, logging } from './http/logs/logs.ts'
import type { Unsent } from './http/telemetry/otlp.ts'
import { providerOf } from './http/telemetry/provider.ts'
import { sender } from './http/telemetry/sending.ts'
import { telemetry } from './http/telemetry/telemetry.ts'
import { Traces } from './http/traces/traces.ts'
import type { Watcher, Watching } from './http/watching/watch.ts'

export type SeeingOptions = {
  readonly sending: Watching['sending']
  /** Whether nobody but this machine can ask. */
  readonly local: boolean
  /** Where lines go, whether they do unless it is said, and whether a person reads them as they come. */
  readonly log: Pick<LogOptions, 'write'> & { readonly quiet?: boolean; readonly terminal?: boolean }
  /** How spans are sent, where not as they come. */
  readonly sendingSpans?: (send: SendSpans) => (spans: readonly Unsent[]) => void
  /** Who watches beside those that the configuration asks for. */
  readonly watchers?: readonly Watcher[]
}

/** Everything that sees the requests, by the configuration. */
export function seeing(
  config: Config,
  { sending, local, log, sendingSpans = (send) => send, watchers: further = [] }: SeeingOptions,
): Pick<HttpOptions, 'watching' | 'traces'> {
  const traces = tracesOf(config, local)
  const known = [traces?.watcher, loggingOf(config, log), telemetryOf(config, sendingSpans)]
  const watchers = [...known, ...further].filter((watcher) => watcher !== undefined)
  return { traces, watching: watchers.length > 0 ? { watchers, sending } : undefined }
}

type SendSpans = ReturnType<typeof sender>

function tracesOf({ traces: settings, keys }: Config, local: boolean): Traces | undefined {
  const guarded = keys.length > 0
  const { keep = guarded || local ? 'full' : 'off', entries, megabytes, readable } = settings
  return keep === 'off' ? undefined : new Traces({ keep, entries, bytes: megabytes * 1024 * 1024, guarded, readable })
}

function loggingOf({ logs }: Config, { write, quiet, terminal }: SeeingOptions['log']): Watcher | undefined {
  const { format = quiet ? 'off' : 'text', level = logs.format || terminal ? 'info' : 'error' } = logs
  return format === 'off' ? undefined : logging({ format, level, write })
}

function telemetryOf(config: Config, sendingSpans: NonNullable<SeeingOptions['sendingSpans']>): Watcher | undefined {
  const { endpoint, headers, service, ...settings } = config.telemetry
  if (endpoint === undefined) return undefined
  const complain = (sentence: string) => console.error(sentence)
  const send = sendingSpans(sender({ endpoint, headers, service, complain }))
  return telemetry({ ...settings, provider: providerOf(mainOf(config).url?.[0].url), send })
}
