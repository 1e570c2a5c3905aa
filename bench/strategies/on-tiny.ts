import { readFile } from 'node:fs/promises'
import { type Event, execute, type Prompt } from '#core'
import { readConfig } from '../../src/config.ts'
import { createEngine } from '../../src/engine.ts'
import { tinyTransport } from '../../src/tiny.ts'
import { heldOut, solves } from '../tiny/problems.ts'
import type { Row } from './row.ts'

/** Runs recipes on tiny-r1, in this process but through everything that a request goes through behind HTTP. */
export async function onTiny(recipes: readonly string[], count: number): Promise<Row[]> {
  const weights = () => readFile(new URL('../../tiny-r1/tiny-r1.bin', import.meta.url))
  const config = readConfig({ MULL_MAX_CALLS: '4000' })
  const engine = createEngine(config, tinyTransport(config, { weights }))
  const caller = { headers: new Headers(), key: undefined }
  const answered = (await heldOut()).filter((problem) => 'answer' in problem)
  const problems = answered.filter((_, i) => i % Math.ceil(answered.length / count) === 0)
  const rows: Row[] = []
  for (const recipe of recipes) {
    const plan = await engine.plan(`tiny-r1+${recipe}`, undefined, caller)
    if (plan.kind !== 'recipe') throw new Error(`${recipe} is no recipe.`)
    const row = { recipe, of: problems.length, right: 0, failed: 0, calls: 0, depth: 0, tokens: 0 }
    for (const problem of problems) {
      const prompt: Prompt = { messages: [{ role: 'user', content: problem.question }], temperature: 0.8, seed: problem.id }
      const { events, result, ledger } = execute(plan.model, prompt, plan.context)
      const chains = new Chains()
      for await (const event of events) chains.add(event)
      const text = await result.then(
        ({ text }) => text,
        () => undefined,
      )
      if (text === undefined) row.failed++
      else if (solves(problem, text)) row.right++
      row.calls += ledger.calls
      row.depth += chains.longest
      row.tokens += ledger.usage.output
    }
    rows.push(row)
  }
  return rows
}

/** The longest chain of calls each of which began after the one before had ended. */
class Chains {
  longest = 0
  readonly #open = new Map<string, number>()
  #ended = 0

  add(event: Event): void {
    if (event.type === 'span-start' && event.kind === 'sample') this.#open.set(event.span, this.#ended + 1)
    if (event.type !== 'span-end' || !this.#open.has(event.span)) return
    this.#ended = Math.max(this.#ended, this.#open.get(event.span)!)
    this.longest = Math.max(this.longest, this.#ended)
  }
}
