import * as z from 'zod'
import { type Agreed, type Completion, type Run, rankBy, scoredBy, shuffled, strategy, voting } from '#core'
import { callTools, voteOver } from './parts/candidates.ts'
import { contenders, elected } from './parts/contenders.ts'

export const tournament = strategy(
  'tournament',
  {
    does: 'A knockout: n candidates meet in pairs, the scorer compares the two of each pair, and the winners meet again.',
    source: 'Chen et al., 2024',
    aliases: ['knockout'],
    calls: 'n + votes * (n - 1) * compare',
    depth: '1 + ceil(log2(n)) * compare',
  },
  {
    n: z.int().min(1).max(64).default(8),
    votes: z.int().min(1).max(16).default(1),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { n, votes }) => {
    const drawn = await run.samples(n).all()
    const tally = voteOver(run, drawn)
    const groups = contenders(run, tally, drawn)
    if (groups.length < 2 || callTools(drawn)) return tally.winner

    let pool = shuffled(groups.flatMap(entries), run.random)
    for (let round = 1; pool.length > 1; round++) {
      run.note(`Round ${round}: ${pool.length} candidates are left.`)
      pool = await run.each(pairs(pool), async ([a, b]) => {
        const winner = b ? await match(a, b) : a
        run.keep(winner.candidate, round + winner.group.count / (n + 1))
        return winner
      })
    }
    return elected(pool[0]!.candidate, groups)

    /** Candidates with equal answers need no comparison. A tie goes to the answer with more votes, then to the earlier sample. */
    async function match(a: Entry, b: Entry): Promise<Entry> {
      const better = a.group === b.group ? 0.5 : await compared(run, a.candidate, b.candidate, votes)
      if (better !== 0.5) return better > 0.5 ? a : b
      const [first, second] = (a.candidate.index ?? 0) < (b.candidate.index ?? 0) ? [a, b] : [b, a]
      return rankBy([first, second], ({ group }) => group.count)[0]!
    }
  },
)

type Entry = { readonly candidate: Completion; readonly group: Agreed }

const entries = (group: Agreed): Entry[] => group.members.map((candidate) => ({ candidate, group }))

/** The last of an odd number has nobody to meet. */
const pairs = (pool: readonly Entry[]) =>
  pool.flatMap((entry, at) => (at % 2 === 0 ? [[entry, pool[at + 1]] as const] : []))

/** Above 0.5 where `a` is better by most comparisons, every other one the other way round; unknown ones say nothing. */
async function compared(run: Run, a: Completion, b: Completion, votes: number): Promise<number> {
  const found = await run.each(Array.from({ length: votes }), async (_, at) => {
    if (at % 2 === 0) return run.compare(a, b)
    const turned = await run.compare(b, a)
    return turned === undefined ? undefined : 1 - turned
  })
  const known = found.filter((better) => better !== undefined)
  return known.length === 0 ? 0.5 : known.reduce((sum, better) => sum + better) / known.length
}
