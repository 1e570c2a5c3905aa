import { equivalent } from './equivalent.ts'
import type { Policy } from './policy.ts'

/**
 * Groups answers: the index of the group that each belongs to, numbered as they first appear; -1 for null. An answer
 * joins the first group whose every form it equals, so that a bare 5 never brings 5 km and 5 miles together.
 */
export function cluster(answers: readonly (string | null)[], policy: Policy = {}): number[] {
  const groups = new Groups(policy)
  return answers.map((answer) => (answer === null || answer.trim() === '' ? -1 : groups.place(answer)))
}

/** Groups that grow with each answer. A form seen before is placed without a comparison. */
export class Groups {
  readonly #policy: Policy
  readonly #forms: string[][] = []
  readonly #places = new Map<string, number>()

  constructor(policy: Policy = {}) {
    this.#policy = policy
  }

  /** The index of the answer's group, a new one if it equals none. */
  place(answer: string): number {
    const form = answer.trim()
    const known = this.#places.get(form)
    if (known !== undefined) return known
    const found = this.#forms.findIndex((forms) => forms.every((other) => equivalent(form, other, this.#policy)))
    const place = found >= 0 ? found : this.#forms.push([]) - 1
    this.#forms[place]!.push(form)
    this.#places.set(form, place)
    return place
  }
}
