import { equivalent, extractAnswer } from '#answers'
import { MullError, type Strategy, type StrategyFactory } from '#core'
import * as strategies from '../../strategies/index.ts'
import { measured } from './measured.ts'
import { emptyRow, type Row } from './row.ts'
import { promptOf, simulated, type Task, tasks } from './simulated.ts'

const all = Object.values(strategies) as unknown as readonly StrategyFactory[]

/** Every strategy with its defaults on the simulated model, each beside a plain vote with as many calls. */
export async function onSimulation(count: number): Promise<Row[]> {
  const questions = tasks(count)
  const rows: Row[] = []
  const votes = new Map<number, number>()
  for (const factory of all) {
    const row = await run(factory.id, factory(), questions)
    rows.push(row)
    if (row.refused) continue
    const n = Math.min(256, Math.max(1, Math.round(row.calls / count)))
    if (!votes.has(n)) {
      const { right } = await run(`sc@${n}`, strategies.selfConsistency({ n }), questions)
      votes.set(n, right / count)
    }
    row.vote = votes.get(n)!
  }
  return rows
}

async function run(name: string, strategy: Strategy, questions: readonly Task[]): Promise<Row> {
  const row = emptyRow(name, questions.length)
  for (const task of questions) {
    try {
      const { completion, calls, depth, tokens } = await measured(simulated(task), strategy, promptOf(task))
      const { answer } = extractAnswer(completion.text)
      if (answer !== null && equivalent(answer, task.right)) row.right++
      row.calls += calls
      row.depth += depth
      row.tokens += tokens
    } catch (error) {
      if (!(error instanceof MullError)) throw error
      if (error.status === 400) return { ...row, refused: error.message.split(/[,.;]/)[0]! }
      row.failed++
    }
  }
  return row
}
