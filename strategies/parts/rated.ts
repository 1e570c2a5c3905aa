import { type Completion, chosen, type Run, rankBy } from '#core'
import { callTools, voteOver } from './candidates.ts'

/** Ways of choosing: scores added up over candidates that agree, the best score, most pairs won, or the vote alone. */
export const ratings = ['weighted', 'absolute', 'pairwise', 'majority'] as const

/** The best of some candidates; those that call tools vote, whatever the way. */
export async function rated(
  run: Run,
  candidates: readonly Completion[],
  rating: (typeof ratings)[number],
): Promise<Completion> {
  if (rating === 'majority' || candidates.length === 1 || callTools(candidates)) return voteOver(run, candidates).winner
  const scores = rating === 'pairwise' ? await won(run, candidates) : await scored(run, candidates)
  const tally = run.tally()
  for (const [i, candidate] of candidates.entries()) tally.add(candidate, scores[i])
  if (rating === 'weighted') return tally.winner
  return chosen(rankBy(tally.ranked, (candidate) => scores[candidates.indexOf(candidate)]))
}

const scored = (run: Run, candidates: readonly Completion[]) =>
  run.each(candidates, async (candidate) => {
    const score = await run.score(candidate)
    run.keep(candidate, score)
    return score
  })

/** The share of each one's comparisons that it won; undefined where all of them failed. */
async function won(run: Run, candidates: readonly Completion[]): Promise<(number | undefined)[]> {
  const results = candidates.map((): number[] => [])
  const pairs = candidates.flatMap((_, a) => candidates.slice(a + 1).map((_, b) => [a, a + 1 + b] as const))
  await run.each(pairs, async ([a, b]) => {
    const better = await run.compare(candidates[a]!, candidates[b]!)
    if (better === undefined) return
    results[a]!.push(better)
    results[b]!.push(1 - better)
  })
  return results.map((won) => (won.length > 0 ? won.reduce((sum, one) => sum + one) / won.length : undefined))
}
