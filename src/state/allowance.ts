/** What somebody may use up in a window of time: requests or tokens in a minute, money in a day. */
export type Allowance = {
  readonly name: string
  /** Above 0. */
  readonly most: number
  /** Windows follow each other without a gap since the epoch, so that a day of them is a day in UTC. */
  readonly windowMs: number
  /**
   * Whether the window moves on with the time: of what was used in the one before, as much counts as that one has in
   * common with the last `windowMs` milliseconds, as if it had been used evenly, to the nearest whole number. So at no edge
   * is twice as much let through at once: in a part of a window it is at most `most` and that part of it.
   */
  readonly slides?: boolean
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
  /** Both of them in the window before, where it slides; else 0. */
  readonly before: number
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

/** What was really used of an allowance, in the window that it was taken in, by its start. */
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

/** What counts as used at the moment. */
export const usedOf = ({ used, before, windowMs, resetMs }: Omit<Level, 'name'>): number =>
  used + Math.round((before * resetMs) / windowMs)

/** What is left of an allowance, for whoever comes next. */
export const leftOf = (level: Omit<Level, 'name'>): number => Math.max(0, level.most - usedOf(level) - level.held)

/** Whether that is too little for what is asked for. */
export const lacks = (level: Omit<Level, 'name'>, { amount, held }: Pick<Take, 'amount' | 'held'>): boolean =>
  amount > 0 && (held ? leftOf(level) <= 0 : leftOf(level) < amount)

/** Milliseconds until `amount` is left, if nothing is given back and nobody takes any before. */
export function waitFor(level: Omit<Level, 'name'>, amount: number): number {
  const { most, used, held, before, slides, windowMs, resetMs } = level
  if (leftOf(level) >= amount) return 0
  if (!slides) return resetMs
  const [room, taken] = [most - amount, used + held]
  // Less than half of one is none.
  const until = (other: number, free: number) => (windowMs * (Math.floor(free) + 0.5)) / other
  const wait = taken > room ? resetMs + windowMs - until(taken, room) : resetMs - until(before, room - taken)
  return Math.floor(wait) + 1
}

/** Milliseconds until all of it is there again, likewise. */
export const resetOf = (level: Level): number => (level.slides ? waitFor(level, level.most) : level.resetMs)
