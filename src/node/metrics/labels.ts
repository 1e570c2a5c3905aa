/** Names that clients make up, as labels: a series each would end the memory of whoever scrapes them. */
export class Labels {
  readonly #most: number
  readonly #known = new Set<string>()

  constructor(most = 100) {
    this.#most = most
  }

  /** The name itself if it is one of the first so many that were found to be `real`; else "other". */
  of(name: string | undefined, real: boolean): string {
    if (name === undefined) return ''
    if (real && this.#known.size < this.#most) this.#known.add(name)
    return this.#known.has(name) ? name : 'other'
  }
}

/** A recipe without its model, numbers and options: "self-consistency+best-of-n". */
export function shapeOf(recipe: string | undefined): string | undefined {
  if (recipe === undefined) return undefined
  let depth = 0
  let shape = ''
  for (const char of recipe) {
    if (char === '(') depth++
    if (depth === 0) shape += char
    if (char === ')') depth--
  }
  return shape.slice(shape.indexOf('+') + 1).replace(/@[\d.]+/g, '')
}

/** The model's name alone, without what a client added to it. */
export function modelIn(name: string | undefined): string | undefined {
  const end = name?.indexOf('+') ?? -1
  return end < 0 ? name : name!.slice(0, end)
}
