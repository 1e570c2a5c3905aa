import * as z from 'zod'
import { rankBy, scoredBy, strategy, voting } from '#core'
import { distinct, type Fork, isWhole, root, stepwise, tellAll } from './parts/steps.ts'
import { concluded, type Found } from './parts/tree.ts'
import { evenly } from './parts/weights.ts'

export const beamSearch = strategy(
  'beam-search',
  {
    does: 'Extends answers step by step and follows only the best few beginnings; the finished ones vote by their scores.',
    source: 'Snell et al., 2024',
    aliases: ['beam'],
    calls: 'n * steps * (1 + score)',
    depth: 'steps * (1 + score)',
  },
  {
    n: z.int().min(1).max(64).default(8),
    m: z.int().min(1).max(16).default(4).describe('Ways on from each beginning that is followed.'),
    steps: z.int().min(1).max(40).default(20),
    scorer: scoredBy(),
    select: z.enum(['weighted', 'argmax']).default('weighted'),
    ...voting(),
  },
  async (run, { n, m, steps, scorer, select }) => {
    const walk = await stepwise(run, scorer)
    const completed: Found[] = []
    let forks: Fork[] = [{ path: root, n }]
    for (let step = 1; forks.length > 0; step++) {
      const grown = (await walk.extend(forks, walk.isLast(step, steps, n))).flat()
      completed.push(...grown.filter(isWhole))
      const width = n - completed.length
      const open = distinct(grown.filter((path) => !isWhole(path)))
      const beams = rankBy(open, ({ score }) => score).slice(0, Math.ceil(width / m))
      tellAll(run, grown, beams)
      const shares = evenly(width, beams.length)
      forks = beams.map((path, i) => ({ path, n: shares[i]! }))
    }
    return concluded(run, completed, select)
  },
)
