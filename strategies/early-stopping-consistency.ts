import * as z from 'zod'
import { type Completion, chosen, strategy, voting } from '#core'

export const earlyStoppingConsistency = strategy(
  'early-stopping-consistency',
  {
    does: 'Samples in windows until all of one window agree, and votes over everything drawn if none ever does.',
    source: 'Li et al., 2024',
    aliases: ['esc'],
    calls: 'max',
    depth: 'ceil(max / window)',
  },
  {
    max: z.int().min(1).max(256).default(40),
    window: z.int().min(2).max(64).default(5),
    ...voting(),
  },
  async (run, { max, window }) => {
    const tally = run.tally()
    for (let left = max; left > 0; left -= window) {
      const paths: Completion[] = []
      const drawn = draw(Math.min(window, left), paths)
      // An upstream that fails after the first window does not cost the votes that were heard by then.
      await (left === max ? drawn : run.optional(drawn))
      if (paths.length === 0) break
      const agreed = tally.groups.find(({ members }) => paths.every((path) => members.includes(path)))
      // A window with a sample that failed or was cut off says less than one where all came to the same end.
      if (!agreed || paths.length < window || paths.some(({ finish }) => finish === 'length')) continue
      const others = tally.ranked.filter((path) => !agreed.members.includes(path))
      return chosen([agreed.members[0]!, ...others])
    }
    return tally.winner

    async function draw(n: number, paths: Completion[]): Promise<void> {
      for await (const path of run.samples(n)) {
        tally.add(path)
        paths.push(path)
      }
    }
  },
)
