import { readFile } from 'node:fs/promises'
import { execute, MullError, type Prompt } from '#core'
import { readConfig } from '../../src/config/index.ts'
import { createEngine } from '../../src/engine.ts'
import { inMemory } from '../../src/remembered.ts'
import { tinyTransport } from '../../src/tiny.ts'
import * as strategies from '../../strategies/index.ts'
import { heldOut, type Problem, solves } from '../tiny/problems.ts'
import { Chains } from './chains.ts'
import { besideVotes, emptyRow, type Row } from './row.ts'

/** Every strategy on tiny-r1, in this process but through everything that a request goes through behind HTTP. */
export async function onTiny(count: number): Promise<Row[]> {
  const weights = () => readFile(new URL('../../tiny-r1/tiny-r1.bin', import.meta.url))
  const config = readConfig({ MULL_MAX_CALLS: '4000' })
  const engine = createEngine(config, (name) => tinyTransport(config.upstreams[name]!, { weights }), inMemory(config))
  const caller = { headers: new Headers(), key: undefined }
  const answered = (await heldOut()).filter((problem) => 'answer' in problem)
  const problems = answered.filter((_, i) => i % Math.ceil(answered.length / count) === 0)
  const rows: Row[] = []
  for (const { id } of Object.values(strategies))
    rows.push(await run(id === 'cascade' ? 'cascade(strong=tiny-r1)' : id))
  await besideVotes(rows, (n) => run(`self-consistency@${n}`))
  return rows

  async function run(recipe: string): Promise<Row> {
    const plan = await engine.plan(`tiny-r1+${recipe}`, undefined, caller)
    if (plan.kind !== 'recipe') throw new Error(`${recipe} is no recipe.`)
    const row = emptyRow(recipe, problems.length)
    for (const problem of problems) {
      const { events, result, ledger } = execute(plan.model, asked(problem), plan.context)
      const chains = new Chains()
      for await (const event of events) chains.add(event)
      try {
        if (solves(problem, (await result).text)) row.right++
      } catch (error) {
        if (!(error instanceof MullError)) throw error
        if (error.status === 400) return { ...row, refused: error.message.split(/[.;]/)[0]! }
        row.failed++
      }
      row.calls += ledger.calls
      row.depth += chains.longest
      row.tokens += ledger.usage.output
    }
    return row
  }
}

const asked = ({ id, question }: Problem): Prompt => ({
  messages: [{ role: 'user', content: question }],
  temperature: 0.8,
  seed: id,
})
