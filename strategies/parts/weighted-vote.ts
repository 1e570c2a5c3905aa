import type { Completion, Run } from '#core'

/** Weights one path; `undefined` where no weight can be had, which then is the mean of the others. */
export type Weigh = (path: Completion) => Promise<number | undefined> | number | undefined

/**
 * The vote over the paths, in which each counts with its weight. Weights are asked for only if `open` says that they could
 * change the winner, and only for paths that have a vote.
 */
export async function weightedVote(
  run: Run,
  paths: AsyncIterable<Completion>,
  weigh: Weigh,
  open: (counts: readonly number[]) => boolean = (counts) => counts.length > 1,
): Promise<Completion> {
  const tally = run.tally()
  for await (const path of paths) tally.add(path)
  const { groups } = tally
  if (open(groups.map(({ count }) => count)))
    await run.each(
      groups.flatMap(({ members }) => members),
      async (path) => tally.weigh(path, await weigh(path)),
    )
  return tally.winner
}
