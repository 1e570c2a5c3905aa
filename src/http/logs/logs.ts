import type { Planned, Watcher } from '../watching/watch.ts'
import { type Entry, entryOf, type Level, levelOf, levels } from './entry.ts'
import { textOf } from './text.ts'

export type LogOptions = {
  readonly format: 'text' | 'json'
  /** What is written: this, and what is worse. */
  readonly level: Level
  readonly write: (line: string) => void
}

const forms: Readonly<Record<LogOptions['format'], (entry: Entry) => string>> = { text: textOf, json: JSON.stringify }

/** A line for each request, once it has ended. */
export function logging({ format, level, write }: LogOptions): Watcher {
  const most = levels.indexOf(level)
  return (beginning) => {
    let caller: string | undefined
    let plan: Planned | undefined
    return {
      identified(name) {
        caller = name
      },
      planned(known) {
        plan = known
      },
      ended(ending) {
        if (levels.indexOf(levelOf(ending)) <= most) write(forms[format](entryOf({ beginning, caller, plan, ending })))
      },
    }
  }
}
