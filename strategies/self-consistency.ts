import * as z from 'zod'
import { strategy, voting } from '#core'

export const selfConsistency = strategy(
  'self-consistency',
  {
    does: 'Samples many reasoning paths and keeps the answer that most of them reach.',
    source: 'Wang et al., 2022',
    aliases: ['sc', 'maj', 'vote'],
    calls: 'n',
    depth: '1',
  },
  { n: z.int().min(1).max(256).default(16), ...voting() },
  async (run, { n }) => {
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
