import type { Usage } from '#core'
import type { Bank, Sample } from '../bank.ts'
import { type Asking, type Item, promptOf } from '../data/item.ts'
import type { Grader } from '../grade.ts'
import { type Bootstrap, meanOf } from '../statistics/bootstrap.ts'
import { passAt } from '../statistics/pass-at.ts'
import { type Judged, VoteOf } from '../statistics/vote-of.ts'
import type { Curve } from './report.ts'

/** The first `drawn` plain samples of every question of one model; undefined for a question that lacks some. */
export class PlainVotes {
  readonly model: string
  readonly drawn: number
  readonly #votes: readonly (Vote | undefined)[]
  readonly #shares = new Map<number, (number | undefined)[]>()

  private constructor(model: string, drawn: number, votes: readonly (Vote | undefined)[]) {
    this.model = model
    this.drawn = drawn
    this.#votes = votes
  }

  /** `banked` is what the model's samples are kept under. */
  static async of(
    { model, banked, drawn }: { model: string; banked: string; drawn: number },
    { items, asking, bank, grader }: { items: readonly Item[]; asking: Asking; bank: Bank; grader: Grader },
  ): Promise<PlainVotes> {
    const votes = await Promise.all(
      items.map(async (item) => {
        const prompt = promptOf(item, warm(asking))
        const samples = bank.inOrder(banked, prompt).slice(0, drawn)
        if (samples.length < drawn) return undefined
        const judged = await Promise.all(
          samples.map(async ({ completion }) => ({
            completion,
            right: (await grader.of(item, prompt, completion)).right,
          })),
        )
        return { samples, judged, vote: new VoteOf(prompt, judged) }
      }),
    )
    return new PlainVotes(model, drawn, votes)
  }

  /** How often a vote of n is right on each question. */
  shares(n: number): readonly (number | undefined)[] {
    const known = this.#shares.get(n) ?? this.#votes.map((vote) => vote?.vote.share(n))
    this.#shares.set(n, known)
    return known
  }

  curve(marks: readonly number[], bootstrap: Bootstrap): Curve {
    const powers = Array.from({ length: 9 }, (_, at) => 2 ** at)
    const ns = [...new Set([...powers, ...marks, this.drawn])].filter((n) => n <= this.drawn).sort((a, b) => a - b)
    const points = ns.flatMap((n) => {
      const vote = bootstrap.share(this.shares(n))
      const pass = bootstrap.share(this.#votes.map((vote) => vote && passAt(n, this.drawn, rightIn(vote.judged))))
      const tokens = meanOf(this.#votes.map((vote) => vote && tokensOf(vote.samples, n)))
      return vote && pass && tokens !== undefined ? [{ n, vote, pass, tokens }] : []
    })
    return { model: this.model, drawn: this.drawn, points }
  }
}

type Vote = { readonly samples: readonly Sample[]; readonly judged: readonly Judged[]; readonly vote: VoteOf }

/** Several samples are drawn at this temperature where greedy ones would be all the same. */
export const warm = (asking: Asking): Asking => (asking.temperature === 0 ? { ...asking, temperature: 0.7 } : asking)

const rightIn = (judged: readonly Judged[]) => judged.filter(({ right }) => right).length

/** Of n samples: the prompt once where they are asked for together. */
function tokensOf(samples: readonly Sample[], n: number): number {
  const mean = (value: (usage: Usage) => number) => meanOf(samples.map(({ usage }) => value(usage)))!
  return mean(({ output }) => output) * n + mean(({ input }) => input) * (samples[0]!.together ? 1 : n)
}
