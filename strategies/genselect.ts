import * as z from 'zod'
import { type Completion, rankBy, shuffled, strategy, voting } from '#core'
import { callTools, voteOver } from './parts/candidates.ts'
import { contenders, elected } from './parts/contenders.ts'
import { selection } from './parts/selection.ts'

export const genselect = strategy(
  'genselect',
  {
    does:
      'Shows the model several of its own solutions at once and asks for the best; of more than a window holds, the ' +
      'windows’ winners meet again.',
    source: 'Toshniwal et al., 2025',
    aliases: ['select'],
    calls:
      'n + repeats * (ceil((n - 1) / window) + ceil((ceil(n / window) - 1) / window) + ' +
      'ceil((ceil(n / window / window) - 1) / window))',
    depth: '1 + ceil(log2(n) / log2(window))',
  },
  {
    n: z.int().min(1).max(64).default(8),
    window: z.int().min(4).max(8).default(8),
    repeats: z.int().min(1).max(16).default(1),
    ...voting(),
  },
  async (run, { n, window, repeats }) => {
    const drawn = await run.samples(n).all()
    const tally = voteOver(run, drawn)
    const groups = contenders(run, tally, drawn)
    if (groups.length < 2 || callTools(drawn)) return tally.winner

    let pool = shuffled(groups.flatMap(({ members }) => members).filter(canBeShown), run.random)
    for (let round = 1; pool.length > 1; round++) {
      run.note(`Round ${round}: ${pool.length} solutions are compared, at most ${window} at once.`)
      pool = await run.each(windows(pool, window), async (shown) => {
        const best = await favourite(shown)
        run.keep(best, round + votesOf(best) / (n + 1))
        return best
      })
    }
    return pool[0] ? elected(pool[0], groups) : tally.winner

    /** Whose answer is named most often, and there the solution that is; where none is named, the vote decides. */
    async function favourite(shown: readonly Completion[]): Promise<Completion> {
      const differ = shown.some((solution) => groupOf(solution) !== groupOf(shown[0]!))
      const named = differ
        ? await run.each(Array.from({ length: repeats }), () => selection(run, disordered(shown)))
        : []
      const verdicts = named.filter((solution) => solution !== undefined)
      if (differ && verdicts.length === 0) run.note('No selection could be read, so the vote decides.')
      const count = (holds: (verdict: Completion) => boolean) => verdicts.filter(holds).length
      const byVote = rankBy(rankBy(shown, earliest), votesOf)
      const byName = rankBy(byVote, (solution) => count((verdict) => verdict === solution))
      return rankBy(byName, (solution) => count((verdict) => groupOf(verdict) === groupOf(solution)))[0]!
    }

    function disordered(shown: readonly Completion[]): Completion[] {
      return shuffled(shown, run.random)
    }

    function groupOf(solution: Completion) {
      return groups.find(({ members }) => members.includes(solution))!
    }

    function votesOf(solution: Completion): number {
      return groupOf(solution).count
    }
  },
)

const earliest = ({ index = 0 }: Completion) => 1 / (1 + index)

/** What was cut off, or is longer than a prompt of eight has room for, is not shown. */
const canBeShown = ({ text, finish }: Completion) => finish !== 'length' && text.length <= 16_384

const windows = <T>(pool: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(pool.length / size) }, (_, at) => pool.slice(at * size, (at + 1) * size))
