import type { Settings } from './schema.ts'

export type { Settings } from './schema.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The settings, or a function that makes them of the environment, where secrets are. */
export type Definition = Settings | ((environment: Environment) => Settings)

/** The configuration of Mull, for `export default` in mull.config.ts; the editor completes it. */
export const defineConfig = (definition: Definition): Definition => definition
