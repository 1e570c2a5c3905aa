import * as z from 'zod'
import type { Variable } from './section.ts'
import { aliases } from './sections/aliases.ts'
import { deadline } from './sections/deadline.ts'
import { fallbacks } from './sections/fallbacks.ts'
import { hedge } from './sections/hedge.ts'
import { keys } from './sections/keys.ts'
import { limits } from './sections/limits.ts'
import { logs } from './sections/logs.ts'
import { metrics } from './sections/metrics.ts'
import { optillm } from './sections/optillm.ts'
import { prices } from './sections/prices.ts'
import { bank, cache } from './sections/remembered.ts'
import { scorers } from './sections/scorers.ts'
import { search } from './sections/search.ts'
import { server } from './sections/server.ts'
import { store } from './sections/store.ts'
import { strategies } from './sections/strategies.ts'
import { telemetry } from './sections/telemetry.ts'
import { think } from './sections/think.ts'
import { traces } from './sections/traces.ts'
import { upstreams } from './sections/upstreams.ts'

const sections = {
  upstreams,
  aliases,
  fallbacks,
  strategies,
  scorers,
  limits,
  deadline,
  hedge,
  keys,
  prices,
  cache,
  bank,
  store,
  think,
  optillm,
  search,
  logs,
  metrics,
  traces,
  telemetry,
  server,
}

type Shape = { [Name in keyof typeof sections]: (typeof sections)[Name]['schema'] }

/** Every setting, whether it comes from a file or from the environment. */
export const schema = z.strictObject(
  Object.fromEntries(Object.entries(sections).map(([name, { schema }]) => [name, schema])) as Shape,
)

/** Every environment variable that is read, and the setting that it is. */
export const variables: Readonly<Record<string, Variable>> = Object.assign(
  {},
  ...Object.values(sections).map(({ variables }) => variables),
)

/** What a configuration file says: any of the settings. */
export type Settings = z.input<typeof schema>

/** Every setting, checked, with its default where nothing was said. */
export type Config = z.output<typeof schema>
