import type { Vote } from '#core'
import type { Estimate } from '../statistics/bootstrap.ts'
import type { Paired } from '../statistics/paired.ts'

/** report.json: everything that the page shows. Shares are in [0, 1], times in milliseconds, costs in US dollars. */
export type Report = {
  readonly mull: string
  readonly written: string
  readonly data: { readonly file: string; readonly questions: number }
  readonly setting: object
  /** What the others are compared with. */
  readonly baseline: string
  readonly arms: readonly Arm[]
  readonly curves: readonly Curve[]
  readonly questions: readonly Question[]
  readonly verdict: Verdict
  /** What went wrong, and what to know of the figures. */
  readonly notes: readonly string[]
}

/** A recipe on a model. Means are over the questions that it answered. */
export type Arm = {
  readonly name: string
  readonly recipe: string
  readonly model: string
  readonly answered: number
  readonly accuracy: Estimate
  /** Over how many drawn samples of each question it was averaged, where that are more than it takes. */
  readonly averagedOver?: number
  readonly difference?: Paired & { readonly corrected: number }
  readonly calls: number
  readonly tokens: { readonly input: number; readonly output: number; readonly total: number }
  /** Of one question. */
  readonly cost?: number
  readonly ms: { readonly median: number; readonly p90: number }
  /** Questions whose answers agreed about as much, and how many of them were right. */
  readonly calibration?: readonly Bin[]
}

export type Bin = { readonly agreement: number; readonly right: Estimate; readonly questions: number }

/** A vote of n for every n, from the samples of one model. */
export type Curve = {
  readonly model: string
  readonly drawn: number
  readonly points: readonly {
    readonly n: number
    readonly vote: Estimate
    readonly pass: Estimate
    readonly tokens: number
  }[]
}

export type Question = {
  readonly id: string
  readonly question: string
  readonly reference: string
  /** By the name of the arm. */
  readonly outcomes: Readonly<Record<string, Cell>>
}

export type Cell = {
  /** How often it is right, in [0, 1]. */
  readonly value: number
  readonly right: boolean
  readonly answer: string | null
  readonly agreement?: number
  readonly votes?: readonly Vote[]
  readonly tokens: number
  readonly ms: number
}

export type Verdict = {
  readonly sentence: string
  /** Which to use. */
  readonly use: string
  /** Whether that is shown to be better than the baseline. */
  readonly helps: boolean
}
