import * as z from 'zod'
import { chosen, inScores, rankBy, scoredBy, strategy, voting } from '#core'

export const bestOfN = strategy(
  'best-of-n',
  {
    does:
      'Samples n candidates and answers with the one the scorer likes most; the scores of candidates that agree are added ' +
      'up first, because a noisy scorer’s single favourite is often wrong.',
    source: 'Cobbe et al., 2021; Li et al., 2022',
    aliases: ['bon'],
    calls: 'n + n * score',
    depth: '1 + score',
  },
  {
    n: z.int().min(1).max(256).default(8),
    scorer: scoredBy(),
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
    run.note(...inScores(candidates, scores))
    const tally = run.tally()
    for (const [i, candidate] of candidates.entries()) tally.add(candidate, scores[i])
    if (select === 'weighted') return tally.winner
    return chosen(rankBy(tally.ranked, (candidate) => scores[candidates.indexOf(candidate)]))
  },
)
