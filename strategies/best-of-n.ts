import * as z from 'zod'
import { chosen, rankBy, scorer, strategy, voting } from '#core'

/**
 * Sample n candidates and return the one the scorer likes most (Cobbe et al., 2021); by default the scores of candidates
 * that agree are added up first (Li et al., 2022), because a noisy scorer's single favourite is often wrong.
 */
export const bestOfN = strategy(
  'best-of-n',
  {
    n: z.int().min(1).max(256).default(8),
    scorer: scorer(),
    select: z.enum(['weighted', 'argmax']).default('weighted'),
    ...voting(),
  },
  async (run, { n, select }) => {
    const candidates = await run.samples(n).all()
    const scores = await run.each(candidates, async (candidate) => {
      const score = await run.score(candidate)
      run.keep(candidate, score)
      return score
    })
    const tally = run.tally()
    for (const [i, candidate] of candidates.entries()) tally.add(candidate, scores[i])
    if (select === 'weighted') return tally.winner
    return chosen(rankBy(tally.ranked, (candidate) => scores[candidates.indexOf(candidate)]))
  },
  ['bon'],
)
