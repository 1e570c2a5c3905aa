import { canonicalJson } from '#answers'
import type { Completion, Usage, Votes } from '#core'
import type { Contestant } from './contestant.ts'
import type { Asking, Item } from './data/item.ts'
import { digest } from './digest.ts'

/** A line of outcomes.jsonl: what a recipe answered to a question, and what it took. */
export type Outcome = {
  readonly name: string
  /** The question's key, and its id for people. */
  readonly item: string
  readonly id: string
  /** The recipe with its model, in full names. */
  readonly arm: string
  readonly completion: Completion
  readonly answer: string | null
  readonly right: boolean
  readonly score: number
  readonly detail?: string
  readonly calls: number
  readonly usage: Usage
  readonly ms: number
  readonly votes?: Votes
}

/** Everything beside question and recipe that an outcome depends on. */
export type Setting = Asking & {
  /** Where the model is. */
  readonly origin: string
  /** What else is asked: a judge, a reward model, a verifier. */
  readonly judges: readonly (string | undefined)[]
}

export const outcomeName = ({ key }: Item, { text }: Pick<Contestant, 'text'>, setting: Setting): string =>
  digest(key, text, canonicalJson(setting))
