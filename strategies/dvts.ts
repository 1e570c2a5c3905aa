import * as z from 'zod'
import { rankBy, scoredBy, strategy, voting } from '#core'
import { isWhole, type Path, root, stepwise, tellAll } from './parts/steps.ts'
import { concluded, type Found } from './parts/tree.ts'

export const dvts = strategy(
  'dvts',
  {
    does: 'Beam search in independent subtrees, each of which follows its own best beginning, so that the answers differ more.',
    source: 'Beeching et al., 2024',
    aliases: ['diverse-verifier-tree-search'],
    calls: 'n * steps * (1 + score)',
    depth: 'steps * (1 + score)',
  },
  {
    n: z.int().min(1).max(64).default(8),
    m: z.int().min(1).max(16).default(4).describe('Ways on in each of the n / m subtrees.'),
    steps: z.int().min(1).max(40).default(20),
    scorer: scoredBy(),
    select: z.enum(['weighted', 'argmax']).default('weighted'),
    ...voting(),
  },
  async (run, { n, m, steps, scorer, select }) => {
    const walk = await stepwise(run, scorer)
    const completed: Found[] = []
    const width = Math.min(n, m)
    let tips: Path[] = Array.from({ length: Math.floor(n / width) }, () => root)
    for (let step = 1; tips.length > 0; step++) {
      const forks = tips.map((path) => ({ path, n: width }))
      const trees = await walk.extend(forks, walk.isLast(step, steps, n))
      completed.push(...trees.flat().filter(isWhole))
      const kept = trees.flatMap((grown) => rankBy(grown, ({ score }) => score).slice(0, 1))
      tellAll(run, trees.flat(), kept)
      tips = kept.filter((path) => !isWhole(path))
    }
    return concluded(run, completed, select)
  },
)
