import * as z from 'zod'
import { strategy, voting } from '#core'

export const adaptiveConsistency = strategy(
  'adaptive-consistency',
  {
    does: 'Samples until the leader will very probably stay ahead, whatever else is drawn.',
    source: 'Aggarwal et al., 2023',
    aliases: ['ac'],
    calls: 'max',
    depth: 'ceil(max / wave)',
  },
  {
    max: z.int().min(1).max(256).default(40),
    confidence: z.number().min(0.5).max(1).default(0.95),
    wave: z.int().min(1).max(64).default(4),
    ...voting(),
  },
  async (run, { max, confidence, wave }) => {
    const tally = run.tally()
    for await (const path of run.samples(max, { ahead: wave })) {
      tally.add(path)
      if (tally.lead >= confidence) break
    }
    return tally.winner
  },
)
