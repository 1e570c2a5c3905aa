import { equivalent } from './equivalent.ts'
import type { Policy } from './policy.ts'

/** Groups answers: the index of the group that each belongs to, numbered as they first appear; -1 for null. */
export function cluster(answers: readonly (string | null)[], policy: Policy = {}): number[] {
  const groups = new Groups<string>((a, b) => equivalent(a, b, policy))
  return answers.map((answer) => (answer?.trim() ? groups.place(answer.trim(), answer) : -1))
}

/**
 * Groups that grow with each item. An item joins the first group whose every form it equals, so that a bare 5 never
 * brings 5 km and 5 miles together; a form seen before is placed without a comparison.
 */
export class Groups<T> {
  readonly #same: (a: T, b: T) => boolean
  readonly #groups: T[][] = []
  readonly #places = new Map<string, number>()

  constructor(same: (a: T, b: T) => boolean) {
    this.#same = same
  }

  /** The index of the item's group, a new one if it equals none. */
  place(form: string, item: T): number {
    const known = this.#places.get(form)
    if (known !== undefined) return known
    const found = this.#groups.findIndex((group) => group.every((other) => this.#same(item, other)))
    const place = found < 0 ? this.#groups.push([]) - 1 : found
    this.#groups[place]!.push(item)
    this.#places.set(form, place)
    return place
  }
}
