import type { Item } from '../data/item.ts'
import type { Outcome } from '../outcome.ts'
import { type Bootstrap, meanOf, type Values } from '../statistics/bootstrap.ts'
import { share } from '../statistics/share.ts'
import type { Arm, Bin, Cell } from './report.ts'

/** Dollars for a million tokens in and out. */
export type Price = { readonly input: number; readonly output: number }

/** The outcomes of one recipe on all questions, in their order. */
export type Results = {
  readonly name: string
  readonly recipe: string
  readonly model: string
  readonly outcomes: readonly (Outcome | undefined)[]
  /** How often it is right on each question. */
  readonly values: Values
  readonly averagedOver?: number
}

/** Everything of an arm but how it compares. */
export function armOf(results: Results, bootstrap: Bootstrap, price: Price | undefined): Arm | undefined {
  const { name, recipe, model, values, averagedOver } = results
  const known = results.outcomes.filter((outcome) => outcome !== undefined)
  const accuracy = bootstrap.share(values)
  if (!accuracy) return undefined
  const mean = (value: (outcome: Outcome) => number) => meanOf(known.map(value))!
  const input = mean(({ usage }) => usage.input)
  const output = mean(({ usage }) => usage.output)
  const costs = known.map((outcome) => costOf(outcome, price))
  const times = known.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(part * times.length))]!
  const calibration = calibrationOf(known)
  return {
    name,
    recipe,
    model,
    answered: known.length,
    accuracy,
    ...(averagedOver === undefined ? {} : { averagedOver }),
    calls: mean(({ calls }) => calls),
    tokens: { input, output, total: input + output },
    ...(costs.every((cost) => cost !== undefined) ? { cost: meanOf(costs)! } : {}),
    ms: { median: at(0.5), p90: at(0.9) },
    ...(calibration ? { calibration } : {}),
  }
}

/** By the price that was given, else as the upstream says. */
function costOf({ usage }: Outcome, price: Price | undefined): number | undefined {
  return price ? (usage.input * price.input + usage.output * price.output) / 1e6 : usage.cost
}

/** Groups of at least some questions, from those that agree least; whose agreement is the same stay together. */
function calibrationOf(outcomes: readonly Outcome[]): readonly Bin[] | undefined {
  const voted = outcomes
    .flatMap(({ votes, right }) => (votes ? [{ agreement: votes.agreement, right }] : []))
    .sort((a, b) => a.agreement - b.agreement)
  const least = Math.max(5, Math.ceil(voted.length / most))
  const bins: (typeof voted)[] = []
  for (const vote of voted) {
    const last = bins.at(-1)
    if (last && (last.length < least || last.at(-1)!.agreement === vote.agreement)) last.push(vote)
    else bins.push([vote])
  }
  const tail = bins.at(-1)
  if (bins.length > 1 && tail!.length < Math.min(5, least)) bins.splice(-2, 2, [...bins.at(-2)!, ...tail!])
  if (voted.length < 10) return undefined
  return bins.map((bin) => ({
    agreement: meanOf(bin.map(({ agreement }) => agreement))!,
    right: share(bin.filter(({ right }) => right).length, bin.length),
    questions: bin.length,
  }))
}

const most = 8

/** The questions with what each recipe answered. */
export const cellOf = ({ right, answer, votes, usage, ms }: Outcome, value: number): Cell => ({
  value,
  right,
  answer: answer === null ? null : answer.slice(0, longest),
  ...(votes ? { agreement: votes.agreement, votes: votes.votes.slice(0, 6) } : {}),
  tokens: usage.input + usage.output,
  ms,
})

export const wordsOfItem = ({ messages }: Item): string => {
  const { content } = messages.findLast(({ role }) => role === 'user')!
  return (typeof content === 'string' ? content : JSON.stringify(content)).slice(0, longest)
}

const longest = 800
