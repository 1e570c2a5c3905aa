import type { Completion, Prompt } from './model.ts'

/** What a strategy drew, and how often it asked, by the prompts that it still holds on to. */
export class Draws {
  /** Whether nothing was drawn yet. */
  none = true
  readonly #drawn = new WeakMap<Prompt, Completion[]>()
  readonly #asked = new WeakMap<Prompt, number>()

  /** The first of the next `n` places among the draws of a prompt, so that no two draws of one question are the same. */
  next(prompt: Prompt, n = 1): number {
    const first = this.#asked.get(prompt) ?? 0
    this.#asked.set(prompt, first + n)
    return first
  }

  add(prompt: Prompt, completion: Completion): Completion {
    this.none = false
    const drawn = this.#drawn.get(prompt)
    if (drawn) drawn.push(completion)
    else this.#drawn.set(prompt, [completion])
    return completion
  }

  /** In order of arrival. */
  of(prompt: Prompt): readonly Completion[] | undefined {
    return this.#drawn.get(prompt)
  }
}
