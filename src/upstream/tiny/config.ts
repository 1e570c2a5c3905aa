/** The shape of the network. */
export type Config = {
  /** Tokens in the vocabulary. */
  readonly vocab: number
  /** Width of the residual stream. */
  readonly dim: number
  readonly layers: number
  /** Attention heads; each has dim / heads values. */
  readonly heads: number
  /** Width of the feed-forward layer. */
  readonly hidden: number
  /** The most positions that prompt and reply together may take. */
  readonly context: number
  /** Base of the rotary positions. */
  readonly theta: number
  /** Keeps the root of the norm from 0. */
  readonly eps: number
}

/** The configuration, if this engine can run it: its kernels write eight values at a time, and heads lie side by side. */
export function checked(config: Config): Config {
  const { vocab, dim, layers, heads, hidden, context, theta, eps } = config
  const numbers = [vocab, dim, layers, heads, hidden, context, theta, eps]
  if (!numbers.every((number) => number > 0) || (dim / heads) % 8 !== 0)
    throw new Error(`The weights have a shape that cannot be run: ${JSON.stringify(config)}`)
  return config
}
