import { BadRecipe, MullError, messageOf } from '#core'
import { limiter } from '../upstream/limited.ts'
import type { Contestant } from './contestant.ts'
import { type Item, promptOf } from './data/item.ts'
import type { Grader } from './grade.ts'
import type { Journal } from './journal.ts'
import { type Outcome, outcomeName, type Setting } from './outcome.ts'

export type Running = {
  readonly items: readonly Item[]
  readonly contestants: readonly Contestant[]
  readonly setting: Setting
  readonly grader: Grader
  readonly journal: Journal<Outcome>
  /** How many questions are worked on at once. */
  readonly concurrency: number
  readonly signal: AbortSignal
  /** Told of each outcome as it comes, and of each that could not be had. */
  readonly heard: (outcome: Outcome | Failure) => void
}

export type Failure = { readonly item: Item; readonly contestant: Contestant; readonly error: string }

/** Every question to every recipe, but for what was answered before. Rejects with what no question can be asked for. */
export async function run(running: Running): Promise<ReadonlyMap<string, Outcome>> {
  const { items, contestants, setting, journal } = running
  const known = new Map(journal.entries.map((outcome) => [outcome.name, outcome]))
  const slot = limiter(running.concurrency)
  const hopeless = new AbortController()
  const signal = AbortSignal.any([running.signal, hopeless.signal])
  const refused = new Set<Contestant>()
  let lost = 0

  async function work(item: Item, contestant: Contestant): Promise<void> {
    const name = outcomeName(item, contestant, setting)
    if (known.has(name) || signal.aborted || refused.has(contestant)) return
    try {
      const outcome = await outcomeOf(name, item, contestant, { ...running, signal })
      known.set(name, outcome)
      lost = Number.NEGATIVE_INFINITY
      running.heard(outcome)
    } catch (error) {
      if (signal.aborted || refused.has(contestant)) return
      if (error instanceof BadRecipe) refused.add(contestant)
      else if (isForAll(error) || ++lost >= mostLost) return hopeless.abort(error)
      running.heard({ item, contestant, error: messageOf(error) })
    }
  }

  const [first, ...others] = inOrder(contestants)
  await Promise.all(
    items.map((item) =>
      slot(async () => {
        await work(item, first!)
        await Promise.all(others.map((contestant) => work(item, contestant)))
      }),
    ),
  )
  if (hopeless.signal.aborted) throw hopeless.signal.reason
  return known
}

/** A key that is wrong for one question is wrong for all of them. */
const isForAll = (error: unknown) => error instanceof MullError && [401, 403, 404].includes(error.status)

/** Failures before anything has succeeded. */
const mostLost = 8

/** The largest vote goes first: it asks for all of its samples at once, and the others find theirs there. */
const inOrder = (contestants: readonly Contestant[]) =>
  contestants.toSorted((a, b) => (b.votesOver ?? 0) - (a.votesOver ?? 0))

async function outcomeOf(name: string, item: Item, contestant: Contestant, running: Running): Promise<Outcome> {
  const prompt = promptOf(item, running.setting)
  const { completion, ...answered } = await contestant.answer(prompt, running.signal)
  const grade = await running.grader.of(item, prompt, completion)
  const { choiceExtra: _likelihoods, others: _others, span: _span, ...said } = completion
  const outcome = { name, item: item.key, id: item.id, arm: contestant.text, completion: said, ...grade, ...answered }
  await running.journal.append(outcome)
  return outcome
}
