/** A key that clients may come with, and what for. What is not said is not limited. */
export type Key = {
  /** What it is called in logs and metrics, and by what its use is counted. */
  readonly name: string
  /** As clients send it, or `sha256:` and its hash. */
  readonly key: string
  /** Models and names of the operator's own, with `*` for any characters. */
  readonly models?: readonly string[] | undefined
  /** Strategies by their full names, likewise; an empty list leaves bare models. */
  readonly strategies?: readonly string[] | undefined
  /** The most completions that one request may ask for. */
  readonly n?: number | undefined
  readonly requestsPerMinute?: number | undefined
  /** In and out, of all samples. */
  readonly tokensPerMinute?: number | undefined
  /** In the currency of the prices, from midnight to midnight in UTC. */
  readonly spendPerDay?: number | undefined
  /** Refused from then on. */
  readonly expires?: Date | undefined
}
