import * as z from 'zod'
import { scoredBy, strategy, voting } from '#core'
import { type Fork, isWhole, root, stepwise, tellAll } from './parts/steps.ts'
import { concluded, type Found } from './parts/tree.ts'
import { allocated, filled } from './parts/weights.ts'

export const rebase = strategy(
  'rebase',
  {
    does: 'Extends answers step by step, and gives the better beginnings more ways on; the finished ones vote by their scores.',
    source: 'Wu et al., 2024',
    calls: 'n * steps * (1 + score)',
    depth: 'steps * (1 + score)',
  },
  {
    n: z.int().min(1).max(256).default(16),
    balance: z
      .number()
      .min(0.01)
      .max(10)
      .default(0.2)
      .describe('How evenly the ways on are shared out: of 0 the best gets all.'),
    steps: z.int().min(1).max(40).default(25),
    scorer: scoredBy(),
    select: z.enum(['weighted', 'argmax']).default('weighted'),
    ...voting(),
  },
  async (run, { n, balance, steps, scorer, select }) => {
    const walk = await stepwise(run, scorer)
    const completed: Found[] = []
    let forks: Fork[] = [{ path: root, n }]
    for (let step = 1; forks.length > 0; step++) {
      const grown = (await walk.extend(forks, walk.isLast(step, steps, n))).flat()
      completed.push(...grown.filter(isWhole))
      const open = grown.filter((path) => !isWhole(path))
      const children = allocated(filled(open.map(({ score }) => score)), n - completed.length, balance)
      forks = open.flatMap((path, i) => (children[i]! > 0 ? [{ path, n: children[i]! }] : []))
      tellAll(
        run,
        grown,
        forks.map(({ path }) => path),
      )
    }
    return concluded(run, completed, select)
  },
)
