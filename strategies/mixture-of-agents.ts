import * as z from 'zod'
import { BadRecipe, type Completion, strategy } from '#core'
import { aggregated } from './parts/aggregation.ts'
import { callTools, voteOver } from './parts/candidates.ts'

export const mixtureOfAgents = strategy(
  'mixture-of-agents',
  {
    does:
      'Proposers answer in layers, each layer having read the answers of the one before, and an aggregator answers from ' +
      'the last. One good model sampled often is the default, since it beats a mixture with weaker ones.',
    source: 'Wang et al., 2024; Li et al., 2025',
    aliases: ['moa'],
    calls: 'layers * n + 1',
    depth: 'layers + 1',
  },
  {
    n: z.int().min(1).max(32).default(3),
    layers: z.int().min(1).max(8).default(2),
    models: z.array(z.string().min(1)).min(1).max(32).optional(),
  },
  async (run, { n, layers, models }) => {
    if (models && models.length > n)
      throw new BadRecipe(`mixture-of-agents: ${models.length} models need as many proposers; n is ${n}.`)
    let answers: readonly Completion[] = []
    for (let layer = 1; layer <= layers; layer++) {
      // One call must be left to aggregate with.
      if (layer > 1 && run.left.calls <= n) break
      answers = await run.samples(n, { prompt: aggregated(run.prompt, answers), model: models }).all()
      if (callTools(answers)) return voteOver(run, answers).winner
      for (const answer of answers) run.keep(answer, layer)
      run.note(`Layer ${layer}: ${answers.length} answers.`)
    }
    return run.answer(aggregated(run.prompt, answers))
  },
)
