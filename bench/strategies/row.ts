/** What a recipe came to over some questions: sums, not means. */
export type Row = {
  readonly recipe: string
  readonly of: number
  right: number
  failed: number
  calls: number
  depth: number
  tokens: number
}
