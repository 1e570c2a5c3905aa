import type { Bank } from '../bank.ts'
import type { Contestant } from '../contestant.ts'
import { type Item, referenceOf } from '../data/item.ts'
import type { Grader } from '../grade.ts'
import { type Outcome, outcomeName, type Setting } from '../outcome.ts'
import { Bootstrap } from '../statistics/bootstrap.ts'
import { corrected, paired } from '../statistics/paired.ts'
import { armOf, cellOf, type Price, type Results, wordsOfItem } from './measure.ts'
import { PlainVotes } from './plain-votes.ts'
import type { Arm, Question, Report } from './report.ts'
import { verdictOf } from './verdict.ts'

export type Building = {
  readonly mull: string
  readonly file: string
  readonly items: readonly Item[]
  readonly contestants: readonly Contestant[]
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly setting: Setting
  /** The name of the one that others are compared with. */
  readonly baseline: string
  readonly bank: Bank
  /** What the samples of a model are kept under. */
  readonly banked: (model: string) => string
  readonly grader: Grader
  readonly price: (model: string) => Price | undefined
  readonly notes: readonly string[]
}

/** Everything there is to say of a run. Rejects where the baseline has answered nothing. */
export async function reportOf(building: Building): Promise<Report> {
  const { mull, file, items, contestants, setting } = building
  const bootstrap = new Bootstrap(items.length)
  const votes = await plainVotes(building)
  const results = contestants.map((contestant) => resultsOf(contestant, votes.get(contestant.model), building))
  const baseline = results.find(({ name }) => name === building.baseline)!
  const compared = new Map<string, Results>(results.map((result) => [result.name, result]))
  const against = (arm: Pick<Arm, 'name'>, other: Pick<Arm, 'name'>) =>
    paired(compared.get(arm.name)!.values, compared.get(other.name)!.values, bootstrap)
  const arms = withDifferences(
    results.flatMap((result) => armOf(result, bootstrap, building.price(result.model)) ?? []),
    (arm) => (arm.name === baseline.name ? undefined : against(arm, baseline)),
  )
  const base = arms.find(({ name }) => name === baseline.name)
  if (!base) {
    const nothing = `${baseline.name} has answered no question, so there is nothing to compare with.`
    throw new Error([nothing, ...building.notes].join('\n'))
  }
  const curves = [...votes.values()].map((plain) => plain.curve(marks(contestants, plain.model), bootstrap))
  return {
    mull,
    written: new Date().toISOString(),
    data: { file, questions: items.length },
    setting,
    baseline: baseline.name,
    arms,
    curves: curves.filter(({ points }) => points.length > 1),
    questions: items.map((item, at) => questionOf(item, at, results)),
    verdict: verdictOf(arms, base, items.length, against),
    notes: [...building.notes, ...about(arms, curves.length > 0)],
  }
}

/** The votes over plain samples of each model that has some. */
async function plainVotes(building: Building): Promise<ReadonlyMap<string, PlainVotes>> {
  const { contestants, items, setting: asking, bank, banked, grader } = building
  const found = new Map<string, PlainVotes>()
  for (const model of new Set(contestants.map(({ model }) => model))) {
    const drawn = Math.max(0, ...marks(contestants, model))
    if (drawn < 2) continue
    found.set(model, await PlainVotes.of({ model, banked: banked(model), drawn }, { items, asking, bank, grader }))
  }
  return found
}

const marks = (contestants: readonly Contestant[], model: string) =>
  contestants.flatMap((contestant) => (contestant.model === model ? (contestant.votesOver ?? []) : []))

/** A vote over fewer samples than there are is averaged over votes of as many of them. */
function resultsOf(
  contestant: Contestant,
  votes: PlainVotes | undefined,
  { items, outcomes, setting }: Building,
): Results {
  const { name, recipe, model, votesOver: n } = contestant
  const own = items.map((item) => outcomes.get(outcomeName(item, contestant, setting)))
  const values = own.map((outcome) => outcome && Number(outcome.right))
  const greedy = setting.temperature === 0 && n === 1
  if (!votes || n === undefined || n >= votes.drawn || greedy)
    return { name, recipe, model, outcomes: own, values: values }
  const shares = votes.shares(n)
  const averaged = values.map((value, at) => (value === undefined ? undefined : (shares[at] ?? value)))
  return { name, recipe, model, outcomes: own, values: averaged, averagedOver: votes.drawn }
}

function withDifferences(arms: readonly Arm[], difference: (arm: Arm) => ReturnType<typeof paired>): readonly Arm[] {
  const found = arms.map(difference)
  const known = found.filter((one) => one !== undefined)
  const chances = corrected(known.map(({ p }) => p))
  return arms.map((arm, at) => {
    const one = found[at]
    return one ? { ...arm, difference: { ...one, corrected: chances[known.indexOf(one)]! } } : arm
  })
}

const questionOf = (item: Item, at: number, results: readonly Results[]): Question => ({
  id: item.id,
  question: wordsOfItem(item),
  reference: referenceOf(item),
  outcomes: Object.fromEntries(
    results.flatMap(({ name, outcomes, values }) => {
      const outcome = outcomes[at]
      return outcome ? [[name, cellOf(outcome, values[at]!)]] : []
    }),
  ),
})

function about(arms: readonly Arm[], voted: boolean): readonly string[] {
  const averaged = arms.filter(({ averagedOver }) => averagedOver !== undefined).map(({ recipe }) => recipe)
  return [
    'Intervals are 95 %, by bootstrap over the questions (2,000 rounds); differences are paired by question, and tested by random signs. The verdict corrects for the number of recipes (Holm).',
    ...(averaged.length > 0
      ? [
          `${[...new Set(averaged)].join(', ')}: averaged over votes of so many of the samples that were drawn of each question, so that the order of the draws does not count.`,
        ]
      : []),
    ...(voted ? ['pass@k is the chance that one of k samples is right: what a perfect scorer would get.'] : []),
    'Calls, tokens and time are those of each recipe by itself, although draws were shared: time is how long its samples took, on an upstream as busy as in this run, if none waits for another recipe.',
  ]
}
