import * as z from 'zod'
import { strategy, voting } from '#core'
import { aggregation } from './parts/aggregation.ts'

export const recursiveSelfAggregation = strategy(
  'recursive-self-aggregation',
  {
    does: 'A population of answers, each of which is made anew, loop by loop, of a few others drawn at random; then a vote.',
    source: 'Venkatraman et al., 2025',
    aliases: ['rsa'],
    calls: 'n * (1 + loops)',
    depth: '1 + loops',
  },
  {
    n: z.int().min(2).max(64).default(8),
    k: z.int().min(1).max(16).default(3),
    loops: z.int().min(1).max(16).default(2),
    ...voting(),
  },
  async (run, options) => (await aggregation(run, options)).winner,
)
