import * as z from 'zod'
import { chosen, type Partial, strategy, voting } from '#core'

export const shortMAtK = strategy(
  'short-m-at-k',
  {
    does: 'Thinks k times at once, ends all but the m that finish thinking first, and lets these vote.',
    source: 'Hassid et al., 2025',
    aliases: ['short'],
    calls: 'k',
    depth: '1',
  },
  {
    k: z.int().min(1).max(256).default(8),
    m: z.int().min(1).max(256).default(3),
    ...voting(),
  },
  async (run, { k, m }) => {
    const tally = run.tally()
    const finished = new Set<number>()
    const isFirst = (index: number) => [...finished].slice(0, m).includes(index)
    const hasVotes = () => tally.groups.length > 0

    for await (const path of run.samples(k, { cut })) {
      // Thinking that is not seen is over when the answer is there.
      finished.add(path.index!)
      // While nobody has a vote, whoever comes next may have one.
      if (isFirst(path.index!) || !hasVotes()) tally.add(path)
      if (tally.heard >= m && hasVotes()) break
    }
    return shortest()

    function cut({ index, thinking, text }: Partial): boolean {
      if (thinking && text) finished.add(index)
      return finished.size >= m && hasVotes() && !isFirst(index)
    }

    /** Of the answers with the most votes the one that was thought of in the fewest words. */
    function shortest() {
      const [first] = tally.groups
      if (!first) return tally.winner
      const leaders = tally.groups.filter(({ count }) => count === first.count).flatMap(({ members }) => members)
      const best = leaders.reduce((a, b) => (lengthOf(b) < lengthOf(a) ? b : a))
      const agreeing = tally.groups.find(({ members }) => members.includes(best))!.members
      return chosen([best, ...tally.ranked.filter((path) => !agreeing.includes(path))])
    }
  },
)

const lengthOf = ({ thinking = '' }: { readonly thinking?: string }) => thinking.length
