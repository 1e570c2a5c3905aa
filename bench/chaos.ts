/**
 * Holds Mull to what SECURITY.md and the README promise of its reliability: `npm run chaos`, `npm run chaos -- --quick` in
 * about a minute, `npm run chaos -- faults fuzz` for some of it. Exits with 1 if a promise is broken.
 */
import { parseArgs } from 'node:util'
import { faults } from './chaos/faults.ts'
import { fuzz } from './chaos/fuzz.ts'
import { killed } from './chaos/killed.ts'
import { leaving } from './chaos/leaving.ts'
import { limits } from './chaos/limits.ts'
import { load } from './chaos/load.ts'
import { memory } from './chaos/memory.ts'
import type { Promised } from './chaos/promised.ts'
import { secrets } from './chaos/secrets.ts'
import { stopping } from './chaos/stopping.ts'

const suites: Record<string, readonly Promised[]> = {
  load,
  memory,
  faults,
  leaving,
  fuzz,
  stopping,
  killed,
  limits,
  secrets,
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } })
const unknown = positionals.find((name) => !Object.hasOwn(suites, name))
if (unknown) throw new Error(`There is no suite "${unknown}"; there are ${Object.keys(suites).join(', ')}.`)

let broken = 0
const row = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
row('promise', 'measured', '')
row('---', '---', '---')
for (const [name, promises] of Object.entries(suites)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  for (const { promise, hold } of promises) {
    const [measured, kept] = await hold(values.quick ?? false).then(
      (measured) => [measured, true] as const,
      (error: unknown) => [inOneLine(error), false] as const,
    )
    if (!kept) broken++
    row(promise, measured, kept ? 'pass' : 'FAIL')
  }
}
process.exit(broken > 0 ? 1 : 0)

function inOneLine(error: unknown): string {
  const { cause = error } = error as Error
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 600)
}
