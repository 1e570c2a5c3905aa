import * as z from 'zod'
import { type Completion, chosen, rankBy, scoredBy, strategy, voting } from '#core'

export const bestOfMajority = strategy(
  'best-of-majority',
  {
    does: 'Keeps the answers that at least a share alpha of n samples give, and of these the one with the top score.',
    source: 'Di et al., 2025',
    aliases: ['bom'],
    calls: 'n + n * score',
    depth: '1 + score',
  },
  {
    n: z.int().min(1).max(256).default(8),
    alpha: z.number().min(0).max(1).default(0.375),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { n, alpha }) => {
    const enough = Math.ceil(alpha * n)
    const tally = run.tally()
    const paths = run.samples(n)
    for await (const path of paths) {
      tally.add(path)
      const [first, second] = tally.groups
      // One answer is in, and no other can be any more. Without a margin, these votes may yet give way to better ones.
      if (tally.margin > 0 && first!.count >= enough && (second?.count ?? 0) + paths.outstanding < enough) break
    }
    // Where no answer is that frequent, the most frequent ones stay.
    const least = Math.min(enough, tally.groups[0]?.count ?? 0)
    const frequent = tally.groups.filter(({ count }) => count >= least)
    if (frequent.length < 2) return tally.winner

    const scores = new Map<Completion, number>()
    await run.each(
      frequent.flatMap(({ members }) => members),
      async (candidate) => {
        const score = await run.score(candidate)
        if (score === undefined) return
        scores.set(candidate, score)
        run.keep(candidate, score)
      },
    )
    const best = (candidates: readonly Completion[]) => rankBy(candidates, (candidate) => scores.get(candidate))
    return chosen(best(frequent.map(({ members }) => best(members)[0]!)))
  },
)
