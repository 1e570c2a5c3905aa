import { percent, share } from '../tiny/share.ts'

/** What a recipe came to over some questions: sums, not means. */
export type Row = {
  readonly recipe: string
  readonly of: number
  right: number
  /** Questions that it could not answer at all. */
  failed: number
  calls: number
  depth: number
  tokens: number
  /** Why it cannot be run, where it cannot. */
  refused?: string
  /** The share that a plain vote with as many calls gets right. */
  vote?: number
}

export const emptyRow = (recipe: string, of: number): Row => ({
  recipe,
  of,
  right: 0,
  failed: 0,
  calls: 0,
  depth: 0,
  tokens: 0,
})

/** Prints rows as a table of Markdown. A recipe that gets less than the vote of as many calls is marked. */
export function printRows(title: string, rows: readonly Row[]): void {
  console.error(`\n### ${title}\n`)
  console.error('| recipe | right, with 95 % interval | calls | depth | tokens | a vote of as many calls |')
  console.error('| --- | --- | --- | --- | --- | --- |')
  for (const { recipe, of, right, failed, calls, depth, tokens, refused, vote } of rows) {
    if (refused) {
      console.error(`| \`${recipe}\` | ${refused} | | | | |`)
      continue
    }
    const { value, low, high } = share(right, of)
    const mean = (sum: number, digits = 1) => (sum / of).toFixed(digits)
    const loses = vote !== undefined && vote > value ? ' (loses)' : ''
    const without = failed > 0 ? `, ${failed} of ${of} failed` : ''
    console.error(
      `| \`${recipe}\` | ${percent(value)} % (${percent(low)} to ${percent(high)})${without} | ${mean(calls)} | ${mean(depth)} | ${mean(tokens, 0)} | ${vote === undefined ? '' : `${percent(vote)} %${loses}`} |`,
    )
  }
}
