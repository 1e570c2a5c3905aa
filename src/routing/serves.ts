/** Says what an upstream calls a model; undefined for one that it is not said to serve. */
export type Naming = (name: string) => string | undefined

/** The models that an upstream is said to serve: those named outright, and those that fit a pattern. */
export type Serves = {
  readonly names: readonly string[]
  /** Whether there are patterns, too. */
  readonly open: boolean
  readonly exactly: Naming
  readonly like: Naming
}

/** From names and patterns, or from what they are called instead; `*` stands for anything, the same in both. */
export function servesOf(said: readonly string[] | Readonly<Record<string, string>>): Serves {
  const pairs: readonly (readonly [string, string])[] = Array.isArray(said)
    ? said.map((name: string) => [name, name] as const)
    : Object.entries(said)
  const names = new Map(pairs.filter(([name]) => !name.includes('*')))
  const patterns = pairs.filter(([name]) => name.includes('*')).map(([name, target]) => naming(name, target))
  return {
    names: [...names.keys()],
    open: patterns.length > 0,
    exactly: (name) => names.get(name),
    like: (name) => {
      for (const pattern of patterns) {
        const model = pattern(name)
        if (model !== undefined) return model
      }
      return undefined
    },
  }
}

function naming(pattern: string, target: string): Naming {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  const fits = new RegExp(`^${parts.join('(.*)')}$`, 's')
  return (name) => {
    const [, ...stars] = fits.exec(name) ?? []
    return fits.test(name) ? target.replaceAll('*', () => stars.shift() ?? '') : undefined
  }
}
