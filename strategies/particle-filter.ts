import * as z from 'zod'
import { scoredBy, strategy, voting } from '#core'
import { isWhole, type Path, root, stepwise, tellAll } from './parts/steps.ts'
import { concluded } from './parts/tree.ts'
import { filled, logit, resampled, softmax } from './parts/weights.ts'

export const particleFilter = strategy(
  'particle-filter',
  {
    does: 'Extends answers step by step and draws anew among them by their scores after each, so that a bad score is no end.',
    source: 'Puri et al., 2025',
    aliases: ['pf', 'particles'],
    calls: 'n * steps * (1 + score)',
    depth: 'steps * (1 + score)',
  },
  {
    n: z.int().min(1).max(256).default(8),
    steps: z.int().min(1).max(50).default(32),
    scorer: scoredBy(),
    select: z.enum(['weighted', 'argmax']).default('weighted'),
    ...voting(),
  },
  async (run, { n, steps, scorer, select }) => {
    const walk = await stepwise(run, scorer)
    let particles: readonly Path[] = Array.from({ length: n }, () => root)
    for (let step = 1; !particles.every(isWhole); step++) {
      const forks = particles.flatMap((path) => (isWhole(path) ? [] : [{ path, n: 1 }]))
      const grown = (await walk.extend(forks, walk.isLast(step, steps, n))).flat()
      const moved = [...particles.filter(isWhole), ...grown]
      particles = moved.every(isWhole) ? moved : drawnAnew(moved)
      tellAll(run, grown, particles)
    }
    const whole = [...new Set(particles.filter(isWhole))]
    if (select === 'argmax') return concluded(run, whole, select)
    // Copies of one answer are one sample, which weighs as much as all of them.
    const share = (path: Path) => particles.filter((other) => other === path).length / particles.length
    const scores = filled(whole.map(({ score }) => score))
    const weighed = whole.map((path, i) => ({ answer: path.answer, score: scores[i]! * share(path) }))
    return concluded(run, weighed, select)

    /** Finished ones keep their weight, and are drawn like the others. */
    function drawnAnew(moved: readonly Path[]): Path[] {
      const weights = softmax(filled(moved.map(({ score }) => score)).map(logit))
      return resampled(weights, n, run.random).map((at) => moved[at]!)
    }
  },
)
