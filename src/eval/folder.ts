import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Bank, type BankEntry } from './bank.ts'
import type { Item } from './data/item.ts'
import type { GradeEntry } from './grade.ts'
import { Journal } from './journal.ts'
import type { Outcome, Setting } from './outcome.ts'

/** What a run was about: run.json. */
export type Manifest = {
  readonly mull: string
  readonly file: string
  readonly setting: Setting
  readonly models: readonly string[]
  /** Recipes with their models, in full names. */
  readonly arms: readonly string[]
  readonly items: readonly Item[]
}

/** Where everything of an evaluation is kept, so that it can be gone on with. */
export class Folder implements AsyncDisposable {
  readonly bank: Bank
  readonly outcomes: Journal<Outcome>
  readonly grades: Journal<GradeEntry>
  readonly path: string
  /** What was there. */
  readonly before: Manifest | undefined
  readonly #samples: Journal<BankEntry>

  private constructor(
    path: string,
    before: Manifest | undefined,
    samples: Journal<BankEntry>,
    outcomes: Journal<Outcome>,
    grades: Journal<GradeEntry>,
  ) {
    this.path = path
    this.before = before
    this.#samples = samples
    this.bank = new Bank(samples)
    this.outcomes = outcomes
    this.grades = grades
  }

  static async open(path: string): Promise<Folder> {
    await mkdir(path, { recursive: true })
    const at = (name: string) => join(path, name)
    const before = await readFile(at(files.run), 'utf8').then(JSON.parse, () => undefined)
    const samples = await Journal.open<BankEntry>(at(files.samples))
    const outcomes = await Journal.open<Outcome>(at(files.outcomes))
    return new Folder(path, before, samples, outcomes, await Journal.open<GradeEntry>(at(files.grades)))
  }

  describe(manifest: Manifest): Promise<void> {
    return this.write(files.run, JSON.stringify(manifest))
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.path, name), text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#samples, this.outcomes, this.grades].map((journal) => journal[Symbol.asyncDispose]()))
  }
}

export const files = {
  run: 'run.json',
  samples: 'samples.jsonl',
  outcomes: 'outcomes.jsonl',
  grades: 'grades.jsonl',
  report: 'report.json',
  page: 'report.html',
} as const

/** What is not as it was in the run before, in sentences. */
export function changes(before: Manifest | undefined, now: Manifest): readonly string[] {
  if (!before) return []
  const kept = new Set(before.items.map(({ key }) => key))
  const changed = now.items.filter(({ key }) => !kept.has(key)).length
  const added = now.arms.filter((arm) => !before.arms.includes(arm))
  const same = JSON.stringify(before.setting) === JSON.stringify(now.setting)
  return [
    ...(same ? [] : ['The upstream, or how it is asked, has changed since the last run: everything is asked anew.']),
    ...(changed > 0 ? [`${changed} of ${now.items.length} questions are new or have changed since the last run.`] : []),
    ...(same && added.length > 0 ? [`New since the last run: ${added.join(', ')}.`] : []),
  ]
}
