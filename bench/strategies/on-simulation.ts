import { equivalent, extractAnswer } from '#answers'
import { MullError, type Strategy, type StrategyFactory } from '#core'
import * as strategies from '../../strategies/index.ts'
import { measured } from './measured.ts'
import { besideVotes, emptyRow, type Row } from './row.ts'
import { promptOf, simulated, stronger, type Task, tasks } from './simulated.ts'

const all = Object.values(strategies) as unknown as readonly StrategyFactory[]

/** Every strategy with its defaults on the simulated model. */
export async function onSimulation(count: number): Promise<Row[]> {
  const questions = tasks(count)
  const rows: Row[] = []
  for (const factory of all) rows.push(await run(factory.id, factory(given[factory.id]), questions))
  await besideVotes(rows, (n) =>
    run('vote', n === 1 ? strategies.none() : strategies.selfConsistency({ n }), questions),
  )
  return rows
}

/** Options without which a strategy does nothing. */
const given: Readonly<Record<string, Record<string, unknown>>> = { cascade: { strong: 'strong' } }

async function run(name: string, strategy: Strategy, questions: readonly Task[]): Promise<Row> {
  const row = emptyRow(name, questions.length)
  for (const task of questions) {
    try {
      const { completion, calls, depth, tokens } = await measured(simulated(task), strategy, promptOf(task), {
        strong: simulated(stronger(task)),
      })
      const { answer } = extractAnswer(completion.text)
      if (answer !== null && equivalent(answer, task.right)) row.right++
      row.calls += calls
      row.depth += depth
      row.tokens += tokens
    } catch (error) {
      if (!(error instanceof MullError)) throw error
      if (error.status === 400) return { ...row, refused: error.message.split(/[.;]/)[0]! }
      row.failed++
    }
  }
  return row
}
