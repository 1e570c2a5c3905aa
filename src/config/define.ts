import type { Settings } from './schema.ts'

export type { Settings } from './schema.ts'

/** Variables, and on Workers bindings; as wide as it is, because nobody knows their names. */
// biome-ignore lint/suspicious/noExplicitAny: a secret is read from it without a word about its type.
export type Environment = Readonly<Record<string, any>>

/** The settings, or a function that makes them of the environment, where secrets are. */
export type Definition = Settings | ((environment: Environment) => Settings)

/** The configuration of Mull, for \`export default\` in mull.config.ts; the editor completes it. */
export const defineConfig = (definition: Definition): Definition => definition

/** What a definition comes to. */
export const settingsOf = (definition: Definition, environment: Environment): Settings =>
  typeof definition === 'function' ? definition(environment) : definition
