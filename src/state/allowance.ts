/** What somebody may use up in a window of time: requests or tokens in a minute, money in a day. */
export type Allowance = {
  readonly name: string
  /** Above 0. */
  readonly most: number
  /** Windows follow each other without a gap since the epoch, so that a day of them is a day in UTC. */
  readonly windowMs: number
}

/** A part of an allowance that is asked for. */
export type Take = Allowance & {
  /** 0 only looks. */
  readonly amount: number
  /**
   * An estimate, to be settled when it is known better. It is granted while anything is left, and is then as much of
   * `amount` as there is; what is not held is granted as a whole or not at all.
   */
  readonly held: boolean
  /** Whether it is better refused than counted by this process alone, when the others cannot be asked. */
  readonly strict?: boolean
}

/** How much of an allowance is used up. */
export type Level = Allowance & {
  /** What is known to be spent. */
  readonly used: number
  /** What is held for those that are under way. */
  readonly held: number
  /** Of the present window, in milliseconds since the epoch. */
  readonly start: number
  /** Milliseconds until the next one. */
  readonly resetMs: number
}

export type Taken = {
  readonly granted: boolean
  /** In the order of what was asked for; with what was just taken, if it was, which is `taken`. */
  readonly levels: readonly (Level & { readonly taken: number })[]
}

/** What was really used of an allowance, in the window that it was taken in. */
export type Spent = { readonly name: string; readonly start: number; readonly amount: number }

/** What is held is given back to its owner after `ms` in which nobody has said that it still is. */
export type Hold = { readonly id: string; readonly ms: number }

/** Who has used how much, known to one process or shared by several. Each call is done as a whole or not at all. */
export interface Allowances {
  /** Takes from all of the allowances, or from none where one has too little left. */
  take(owner: string, takes: readonly Take[], hold: Hold): Promise<Taken>
  /** Gives back what is held and books what was spent; also for a hold that has run out. */
  settle(owner: string, id: string, spent: readonly Spent[]): Promise<void>
  /** Says that what is held still is. */
  renew(owner: string, hold: Hold): Promise<void>
}

/** What is left of an allowance, for whoever comes next. */
export const leftOf = ({ most, used, held }: Pick<Level, 'most' | 'used' | 'held'>): number =>
  Math.max(0, most - used - held)

/** Whether that is too little for what is asked for. */
export const lacks = (level: Pick<Level, 'most' | 'used' | 'held'>, { amount, held }: Take): boolean =>
  amount > 0 && (held ? leftOf(level) <= 0 : leftOf(level) < amount)
