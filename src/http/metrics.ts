/** Figures as Prometheus reads them. */
export type Metrics = {
  readonly contentType: string
  /** Whether they are for everybody, or for those who have a key. */
  readonly open: boolean
  text(): Promise<string>
}
