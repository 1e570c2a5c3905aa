import type { Service, ServiceName } from '#core'
import type { Contestant } from './contestant.ts'
import type { Item } from './data/item.ts'
import { changes, type Folder, files, type Manifest } from './folder.ts'
import { Grader } from './grade.ts'
import { outcomeName, type Setting } from './outcome.ts'
import { type Building, reportOf } from './report/build.ts'
import { pageOf } from './report/page/page.ts'
import type { Report } from './report/report.ts'
import { type Failure, run } from './run.ts'

export type Evaluation = Pick<Building, 'mull' | 'file' | 'baseline' | 'banked' | 'price'> & {
  readonly folder: Folder
  readonly items: readonly Item[]
  readonly contestants: readonly Contestant[]
  readonly setting: Setting
  readonly services: (name: ServiceName) => Service
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly watch: Watch
}

export type Watch = {
  /** Before anything is asked: what has changed since the last run, and how many answers are there already. */
  begin(changed: readonly string[], known: number, of: number): void
  heard(outcome: object | Failure): void
}

/**
 * Runs what is not there yet and writes the report. Resolves to it and to what could not be had, or to undefined where it
 * was stopped. Rejects with what no question can be asked for.
 */
export async function evaluate(
  evaluation: Evaluation,
): Promise<{ readonly report: Report; readonly failures: readonly Failure[] } | undefined> {
  const { folder, items, contestants, setting, watch, mull, file } = evaluation
  const now: Manifest = {
    mull,
    file,
    setting,
    models: [...new Set(contestants.map(({ model }) => model))],
    arms: contestants.map(({ text }) => text),
    items,
  }
  const known = new Set(folder.outcomes.entries.map(({ name }) => name))
  const wanted = items.flatMap((item) => contestants.map((contestant) => outcomeName(item, contestant, setting)))
  watch.begin(changes(folder.before, now), wanted.filter((name) => known.has(name)).length, wanted.length)
  await folder.describe(now)

  const grader = new Grader(evaluation.services, folder.grades)
  const failures: Failure[] = []
  const outcomes = await run({
    ...evaluation,
    grader,
    journal: folder.outcomes,
    heard(outcome) {
      if ('error' in outcome) failures.push(outcome)
      watch.heard(outcome)
    },
  })
  if (evaluation.signal.aborted) return undefined
  const report = await reportOf({ ...evaluation, outcomes, bank: folder.bank, grader, notes: inWords(failures) })
  await folder.write(files.report, `${JSON.stringify(report, null, 1)}\n`)
  await folder.write(files.page, pageOf(report))
  return { report, failures }
}

/** What could not be had, by the recipe and the reason. */
export function inWords(failures: readonly Failure[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { contestant, error } of failures) {
    const sentence = `${contestant.name} did not answer: ${error}`
    counts.set(sentence, (counts.get(sentence) ?? 0) + 1)
  }
  return [...counts].map(([sentence, count]) => (count > 1 ? `${sentence} (${count} questions)` : sentence))
}
