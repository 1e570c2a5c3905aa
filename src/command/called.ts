import type { Capability } from '#core'

/** What the settings of an upstream are called: by variables and flags if it is the only one, else in the file. */
export type Called = {
  readonly url: string
  readonly key: string
  readonly concurrency: string
  readonly effort: string
  readonly can: string
  /** That it can do something. */
  readonly able: (all: readonly Capability[]) => string
}

export function called(name: string | undefined): Called {
  if (name === undefined)
    return {
      url: '--upstream (UPSTREAM_BASE_URL)',
      key: 'UPSTREAM_API_KEY (or --key)',
      concurrency: 'UPSTREAM_CONCURRENCY',
      effort: 'UPSTREAM_EFFORT',
      can: 'UPSTREAM_CAN',
      able: (all) => `UPSTREAM_CAN=${all.join(',')}`,
    }
  const own = `upstreams.${name}`
  return {
    url: `${own}.url`,
    key: `${own}.key`,
    concurrency: `${own}.concurrency`,
    effort: `${own}.dialect.effort`,
    can: `${own}.dialect.can`,
    able: (all) => `${own}.dialect.can: { ${all.map((one) => `${one}: true`).join(', ')} }`,
  }
}
