import { type Completion, type Prompt, randomFrom, shuffled } from '#core'
import { AnswerTally } from '#vote'

/** A drawn sample, and whether it is right. */
export type Judged = { readonly completion: Completion; readonly right: boolean }

const rounds = 200

/**
 * The share of votes over n of the drawn samples that come to a right answer: over all samples there is one such vote,
 * over a single one there are as many as samples, between them random subsets are drawn. What a vote of n is worth is
 * known better so than by the first n alone, and costs no call.
 */
export class VoteOf {
  readonly #prompt: Prompt
  readonly #samples: readonly Judged[]
  /** For each sample which answer it gives; -1 for one that has no vote beside the others. */
  readonly #groups: readonly number[]

  constructor(prompt: Prompt, samples: readonly Judged[]) {
    this.#prompt = prompt
    this.#samples = samples.map(({ completion, right }, index) => ({ completion: { ...completion, index }, right }))
    const groups = this.#samples.map(() => -1)
    for (const [group, { members }] of this.#tally(this.#samples).groups.entries())
      for (const { index } of members) groups[index!] = group
    this.#groups = groups
  }

  /** In [0, 1]. */
  share(n: number): number {
    const all = this.#samples.map((_, at) => at)
    if (n >= all.length) return Number(this.#wins(all))
    if (n === 1) return this.#samples.filter(({ right }) => right).length / all.length
    const random = randomFrom('subsets', n)
    let wins = 0
    for (let round = 0; round < rounds; round++) wins += Number(this.#wins(shuffled(all, random).slice(0, n)))
    return wins / rounds
  }

  /** Whether a vote over some of the samples comes to a right answer; ties go to who was drawn first. */
  #wins(some: readonly number[]): boolean {
    const votes = new Map<number, { count: number; first: number }>()
    for (const [order, at] of some.entries()) {
      const group = this.#groups[at]!
      if (group < 0) continue
      const vote = votes.get(group)
      if (vote) vote.count++
      else votes.set(group, { count: 1, first: order })
    }
    const [winner] = [...votes.values()].sort((a, b) => b.count - a.count || a.first - b.first)
    if (winner) return this.#samples[some[winner.first]!]!.right
    const { index } = this.#tally(some.map((at) => this.#samples[at]!)).winner
    return this.#samples[index!]!.right
  }

  #tally(samples: readonly Judged[]): AnswerTally {
    const tally = new AnswerTally(this.#prompt)
    for (const { completion } of samples) tally.add(completion)
    return tally
  }
}
