import { percent, share } from '../../src/eval/statistics/share.ts'

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
  /** The share that a plain vote for as many tokens gets right. */
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

/** Sets each row beside a plain vote over as many samples as its tokens would have paid for. */
export async function besideVotes(rows: readonly Row[], vote: (n: number) => Promise<Row>): Promise<void> {
  const single = await vote(1)
  const known = new Map([[1, single]])
  for (const row of rows.filter(({ refused }) => !refused)) {
    const n = Math.min(256, Math.max(1, Math.round(row.tokens / row.of / (single.tokens / single.of))))
    const found = known.get(n) ?? (await vote(n))
    known.set(n, found)
    row.vote = found.right / found.of
  }
}

/** Rows as a table of Markdown. A recipe that gets less right than the vote is marked. */
export function tableOf(title: string, rows: readonly Row[]): string {
  const lines = rows.map(({ recipe, of, right, failed, calls, depth, tokens, refused, vote }) => {
    if (refused) return `| \`${recipe}\` | ${refused} | | | | |`
    const { value, low, high } = share(right, of)
    const mean = (sum: number, digits = 1) => (sum / of).toFixed(digits)
    const loses = vote !== undefined && vote > value ? ' (loses)' : ''
    const without = failed > 0 ? `, ${failed} of ${of} failed` : ''
    const beside = vote === undefined ? '' : `${percent(vote)} %${loses}`
    return `| \`${recipe}\` | ${percent(value)} % (${percent(low)} to ${percent(high)})${without} | ${mean(calls)} | ${mean(depth)} | ${mean(tokens, 0)} | ${beside} |`
  })
  const head = '| recipe | right, with 95 % interval | calls | depth | tokens | a vote for as many tokens |'
  return [`### ${title}`, '', head, '| --- | --- | --- | --- | --- | --- |', ...lines, ''].join('\n')
}
