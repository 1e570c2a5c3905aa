import * as z from 'zod'
import { scoredBy, strategy, voting } from '#core'
import { weightedVote as voteOver } from './parts/weighted-vote.ts'

export const weightedVote = strategy(
  'weighted-vote',
  {
    does:
      'Samples n paths and keeps the answer with the highest sum of scores; unlike best-of-n it asks for scores only ' +
      'where the paths differ, so that a unanimous vote costs none.',
    source: 'Li et al., 2022',
    aliases: ['wv'],
    calls: 'n + n * score',
    depth: '1 + score',
  },
  { n: z.int().min(1).max(256).default(8), scorer: scoredBy(), ...voting() },
  (run, { n }) => voteOver(run, run.samples(n), (path) => run.score(path)),
)
