import type { Strategy } from './model.ts'
import { chosen, rankBy } from './rank.ts'
import { strategy } from './strategy.ts'

/** a | b: each answers the question by itself; their answers vote, and a judge decides where no answer leads. */
export const beside = (...ways: readonly Strategy[]): Strategy =>
  strategy('beside', about, {}, async (run) => {
    const answers = await run.samples(ways.length, { through: (index) => ways[index]! }).all()
    const tally = run.tally()
    for (const answer of answers) tally.add(answer)
    if (tally.margin > 0 || tally.ranked.length === 1) return tally.winner
    const scores = new Map(await run.each(tally.ranked, async (answer) => [answer, await run.score(answer)] as const))
    return chosen(rankBy(tally.ranked, (answer) => scores.get(answer)))
  })()

const about = { does: 'Several strategies side by side, and a vote over their answers.', calls: 'sum', depth: 'max' }
