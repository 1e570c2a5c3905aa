import { type Completion, type Prompt, type Scorer, scorer } from '#core'
import { bestOfN } from '../../strategies/best-of-n.ts'
import { treeOfThoughts } from '../../strategies/tree-of-thoughts.ts'
import { reaches } from '../tiny/problems.ts'
import { type Answerer, measured } from './measured.ts'
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

type Step = { readonly new_ys: readonly string[]; readonly values: readonly number[] }
type Tree = Recording & { readonly steps: readonly Step[] }

/**
 * GPT-4's recorded thoughts, searched anew by our tree of thoughts: of how many of 100 puzzles the answer is right, and of
 * how many one of the five states that are left at the end.
 */
export async function treeOn(folder: string): Promise<{ first: number; five: number }> {
  const puzzles = await recordings<Tree>(folder, 'game24_gpt4_tot_bfs_b5.jsonl.gz')
  const search = treeOfThoughts({ depth: 4, breadth: 64, beam: 5, evaluations: 3, generate: 'propose' })
  let [first, five] = [0, 0]
  for (const { question, steps } of puzzles) {
    const prompt: Prompt = { messages: [{ role: 'user', content: question }] }
    const { completion, notes } = await measured(thinker(steps), search, prompt)
    const left = notes.flatMap((note) => {
      const { text = '', pruned = false } = (note ?? {}) as { text?: string; pruned?: boolean }
      return !pruned && text.split('\n').length === steps.length ? [text] : []
    })
    first += Number(solves24(question, completion.text))
    five += Number(left.some((text) => solves24(question, text)))
  }
  return { first, five }
}

/** Says again what was thought of each state, and what was thought of it. */
const thinker =
  (steps: readonly Step[]): Answerer =>
  ({ messages }, { draws }) => {
    const words = String(messages.at(-1)!.content)
    const state = /<steps>\n([\s\S]*)\n<\/steps>/.exec(words)?.[1]
    const y = state === undefined ? '' : `${state}\n`
    const level = y.split('\n').length - 1
    let text = y.trimEnd().split('\n').at(-1)!
    if (words.includes('List up to')) {
      const ways = steps[level]!.new_ys.filter((way) => way.startsWith(y)).map((way) => way.slice(y.length).trim())
      text = ways.join('\n')
    } else if (words.includes('sure, likely or impossible')) {
      const { new_ys: states, values } = steps[level - 1]!
      text = verdictsOf(values[states.indexOf(y)]!)[draws.at(-1)!] ?? 'unclear'
    }
    return { completion: { text, finish: 'stop' }, tokens: Math.round(text.length / 4) }
  }

/** Three verdicts were added up: 20 for each "sure", 1 for "likely", 0.001 for "impossible". */
function verdictsOf(value: number): string[] {
  const counts = {
    sure: Math.floor(value / 20),
    likely: Math.floor(value % 20),
    impossible: Math.round((value % 1) * 1000),
  }
  return Object.entries(counts).flatMap(([word, count]) => Array<string>(count).fill(word))
}
