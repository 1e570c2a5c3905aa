import * as z from 'zod'
import { type Run, scoredBy, strategy, unable, voting } from '#core'
import { drawingSure, meanProbability } from './parts/logprobs.ts'
import { weightedVote } from './parts/weighted-vote.ts'

export const selfConsistency = strategy(
  'self-consistency',
  {
    does:
      'Samples many reasoning paths and keeps the answer that most of them reach; weight=score has the scorer weigh each ' +
      'vote where the paths differ, weight=confidence the mean log-probability of its tokens.',
    source: 'Wang et al., 2022',
    aliases: ['sc', 'maj', 'vote'],
    calls: 'n',
    depth: '1',
  },
  {
    n: z.int().min(1).max(256).default(16),
    weight: z.enum(['none', 'score', 'confidence']).default('none'),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { n, weight }) => {
    if (weight === 'score') return weightedVote(run, run.samples(n), (path) => run.score(path))
    if (weight === 'confidence') return confident(run, n)
    const tally = run.tally()
    const paths = run.samples(n)
    for await (const path of paths) {
      tally.add(path)
      // No later vote can change the winner, so the samples still running are cancelled.
      if (tally.margin > paths.outstanding) break
    }
    return tally.winner
  },
)

async function confident(run: Run, n: number) {
  if (!(await run.can('logprobs'))) throw unable('self-consistency(weight=confidence)', 'logprobs')
  const tally = run.tally()
  for await (const { path, tokens } of drawingSure(run)(n)) tally.add(path, meanProbability(tokens))
  return tally.winner
}
