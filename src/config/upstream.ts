import type { Config } from './schema.ts'
import type { Upstream } from './sections/upstreams.ts'

/** The first upstream: it is examined by the command, and its patience is that of what is no upstream. */
export const mainOf = ({ upstreams }: Config): Upstream => Object.values(upstreams)[0]!

/** What an upstream is called: its address, or several; undefined for the built-in model. */
export const titleOf = ({ url }: Upstream): string | undefined => url?.map(({ url }) => url).join(', ')

/** OpenAI's reasoning models refuse the old name; many servers know only that one. */
export const limitFieldOf = ({ url, dialect: { limitField } }: Upstream) =>
  limitField ?? (url?.[0].url.startsWith('https://api.openai.com/') ? 'max_completion_tokens' : 'max_tokens')
