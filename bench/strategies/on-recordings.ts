import { type Prompt, randomFrom, type Strategy, shuffled } from '#core'
import { adaptiveConsistency } from '../../strategies/adaptive-consistency.ts'
import { bestOfMajority } from '../../strategies/best-of-majority.ts'
import { bestOfN } from '../../strategies/best-of-n.ts'
import { earlyStoppingConsistency } from '../../strategies/early-stopping-consistency.ts'
import { none } from '../../strategies/none.ts'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { measured } from './measured.ts'
import { type Recording, recordings, replayed } from './recorded.ts'
import { besideVotes, emptyRow, type Row } from './row.ts'

/** Strategies that only sample, and so can be run on what was sampled once. */
const recipes: readonly (readonly [string, Strategy])[] = [
  ['none', none()],
  ['sc@8', selfConsistency({ n: 8 })],
  ['sc@16', selfConsistency({ n: 16 })],
  ['sc@41', selfConsistency({ n: 41 })],
  ['ac@41', adaptiveConsistency({ max: 41 })],
  ['esc(max=41)', earlyStoppingConsistency({ max: 41 })],
  ['bom@16(scorer=agreement)', bestOfMajority({ n: 16, scorer: 'agreement' })],
  ['bon@16(scorer=agreement)', bestOfN({ n: 16, scorer: 'agreement' })],
]

/** Level-5 questions of MATH, each answered once by 41 models, whose answers stand for samples in a random order. */
export async function onMath(folder: string, orders = 4): Promise<Row[]> {
  const questions = await recordings<Recording>(folder, 'math_l5_zeroeval_multimodel241.jsonl.gz')
  const rows: Row[] = []
  for (const [name, strategy] of recipes) rows.push(await run(name, strategy))
  await besideVotes(rows, (n) => run('vote', n === 1 ? none() : selfConsistency({ n: Math.min(41, n) })))
  return rows

  async function run(name: string, strategy: Strategy): Promise<Row> {
    const row = emptyRow(name, questions.length * orders)
    for (const { id, question, samples, correct } of questions)
      for (let seed = 0; seed < orders; seed++) {
        const order = shuffled([...samples.keys()], randomFrom('order', id, seed))
        const model = replayed(order.map((i) => samples[i]!))
        const prompt: Prompt = { messages: [{ role: 'user', content: question }] }
        const { completion, calls, depth, tokens } = await measured(model, strategy, prompt)
        if (correct[order[completion.index ?? 0]!]) row.right++
        row.calls += calls
        row.depth += depth
        row.tokens += tokens
      }
    return row
  }
}
