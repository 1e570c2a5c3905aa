import * as z from 'zod'
import { type Completion, chosen, inScores, type Opinion, rankBy, scoredBy, strategy, voting } from '#core'
import { contenders, open } from './parts/contenders.ts'

export const bestOfN = strategy(
  'best-of-n',
  {
    does:
      'Samples n candidates and answers with the one the scorer likes most; the scores of candidates that agree are added ' +
      'up first, because a noisy scorer’s single favourite is often wrong, and a proof ends the search.',
    source: 'Cobbe et al., 2021; Li et al., 2022',
    aliases: ['bon'],
    calls: 'n + n * score',
    depth: '1 + score',
  },
  {
    n: z.int().min(1).max(256).default(8),
    scorer: scoredBy(),
    select: z.enum(['weighted', 'argmax']).default('weighted'),
    threshold: z.number().min(0).max(1).optional(),
    ...voting(),
  },
  async (run, { n, select, threshold = Infinity }) => {
    const opinions = new Map<Completion, Opinion | undefined>()
    const scoreOf = (candidate: Completion) => opinions.get(candidate)?.score
    const settles = (candidate: Completion) =>
      opinions.get(candidate)?.proven === true || (scoreOf(candidate) ?? -1) >= threshold

    // Some scorers compare a candidate with all others, so it is only judged on arrival where that can end the search.
    const early = run.gate || threshold <= 1
    const candidates: Completion[] = []
    for await (const candidate of run.samples(n, early ? { each: judge } : {})) {
      candidates.push(candidate)
      if (early && settles(candidate)) break
    }
    if (!early) await run.each(candidates, judge)
    run.note(...inScores(candidates, candidates.map(scoreOf)))

    const settled = candidates.filter((candidate) => early && settles(candidate))
    const passed = candidates.filter((candidate) => opinions.get(candidate)?.pass)
    const best = [settled, passed].find(({ length }) => length > 0) ?? candidates
    const tally = run.tally()
    for (const candidate of best) tally.add(candidate, scoreOf(candidate))
    if (select === 'weighted' && !open(run, tally, best)) return tally.winner
    const favourites = contenders(run, tally, best).map(({ members }) => rankBy(members, scoreOf)[0]!)
    return favourites.length > 0 ? chosen(rankBy(favourites, scoreOf)) : tally.winner

    async function judge(candidate: Completion): Promise<void> {
      const opinion = await run.opinion(candidate)
      opinions.set(candidate, opinion)
      run.keep(candidate, (opinion?.score ?? 0) + (opinion?.pass ? 1 : 0))
    }
  },
)
