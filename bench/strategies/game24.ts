import { type Completion, type Prompt, type Scorer, scorer } from '#core'
import { bestOfN } from '../../strategies/best-of-n.ts'
import { reaches } from '../tiny/problems.ts'
import { measured } from './measured.ts'
import { type Recording, recordings, replayed } from './recorded.ts'

const numbersOf = (question: string) => question.split(' ').map(Number)

/** Whether a text's last line has an expression of the four numbers that comes to 24. */
export const solves24 = (question: string, text: string): boolean =>
  reaches((text.trim().split('\n').at(-1) ?? '').replace(/^.*?answer:/i, '').split('=')[0]!, numbersOf(question), 24)

/** The exact check, as a scorer. */
const exact: Scorer = scorer('exact', { does: 'Checks the expression.', calls: '0', gate: true }, {}, () => ({
  async score(question: Prompt, { text }: Completion) {
    const pass = solves24(String(question.messages[0]!.content), text)
    return { score: Number(pass), pass }
  },
}))()

/** Best of 100 with the exact check, on what GPT-4 said to 100 puzzles: how many are solved, of one sample and of the best. */
export async function bestOf100(folder: string, file: string): Promise<{ one: number; best: number; agree: number }> {
  const puzzles = await recordings<Recording>(folder, file)
  let [one, best, agree] = [0, 0, 0]
  for (const { question, samples, correct } of puzzles) {
    const prompt: Prompt = { messages: [{ role: 'user', content: question }] }
    const { completion } = await measured(replayed(samples), bestOfN({ n: 100, scorer: 'exact' }), prompt, {
      scorers: () => exact,
    })
    one += correct.filter(Boolean).length / correct.length
    best += Number(solves24(question, completion.text))
    agree += samples.filter((text, i) => solves24(question, text) === correct[i]).length / samples.length
  }
  const share = (count: number) => (100 * count) / puzzles.length
  return { one: share(one), best: share(best), agree: share(agree) }
}
