/** What one check of an upstream came to. */
export type Finding = {
  readonly check: string
  readonly state: 'ok' | 'no' | 'failed'
  /** What was seen. */
  readonly found: string
  /** What to do about it. */
  readonly todo?: string
}
