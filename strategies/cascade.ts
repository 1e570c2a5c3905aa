import * as z from 'zod'
import { BadRecipe, messageOf, strategy, UpstreamFailed, voting } from '#core'

const name = z.string().min(1)

export const cascade = strategy(
  'cascade',
  {
    does: 'A cheap model votes, and a strong one is asked only where too few of the votes agree.',
    source: 'Yue et al., 2023',
    calls: 'n + 1',
    depth: '2',
  },
  {
    n: z.int().min(2).max(64).default(8),
    strong: name.optional(),
    models: z.tuple([name, name]).optional(),
    threshold: z.number().min(0).max(1).default(0.7),
    ...voting(),
  },
  async (run, { n, threshold, models, strong = models?.[1] }) => {
    if (strong === undefined)
      throw new BadRecipe('cascade needs a second model: write strong=name, or models=[cheap, strong].')
    const tally = run.tally()
    const leaders = () => tally.groups[0]?.count ?? 0
    const paths = run.samples(n, { model: models?.[0] })
    for await (const path of paths) {
      tally.add(path)
      // Votes still to come are cancelled where they can change neither the winner nor whether it has enough of them.
      const enough = threshold * (tally.heard + paths.outstanding)
      if (leaders() + paths.outstanding < enough) break
      if (tally.margin > paths.outstanding && leaders() >= enough) break
    }
    const votes = `${leaders()} of ${tally.heard} votes agree`
    if (leaders() >= threshold * tally.heard) {
      run.note(`${votes}, which is enough.`)
      return tally.winner
    }
    run.note(`Only ${votes}, fewer than ${Math.round(threshold * 100)} %, so ${strong} is asked.`)
    try {
      return await run.answer(run.prompt, strong)
    } catch (error) {
      if (!(error instanceof UpstreamFailed)) throw error
      run.note(`${strong} failed, so the vote stands: ${messageOf(error)}`)
      return tally.winner
    }
  },
)
