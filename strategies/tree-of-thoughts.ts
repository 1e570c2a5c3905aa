import * as z from 'zod'
import { type Completion, inWords, type Prompt, rankBy, say, strategy } from '#core'

const few = z.int().min(1).max(16)

export const treeOfThoughts = strategy(
  'tree-of-thoughts',
  {
    does: 'Breadth-first search over steps of thought: proposes, values, and keeps the best few.',
    source: 'Yao et al., 2023, algorithm 1',
    aliases: ['tot'],
    calls: 'depth * beam * breadth * (1 + evaluations) + 1',
    depth: '2 * depth + 1',
  },
  { depth: few.default(3), breadth: few.default(3), beam: few.default(2), evaluations: few.default(1) },
  async (run, { depth, breadth, beam, evaluations }) => {
    const values = new Map<string, number>()
    let frontier: readonly string[] = ['']
    for (let step = 1; step <= depth; step++) {
      // One call must be left to conclude with.
      if (run.left.calls <= frontier.length * breadth * (1 + evaluations)) break
      const proposed = [...new Set((await run.each(frontier, propose)).flat())]
      if (proposed.every((state) => frontier.includes(state))) break
      await run.each(proposed, value)
      frontier = rankBy(proposed, (state) => values.get(state)).slice(0, beam)
      run.note(`Step ${step}: ${proposed.length} ways forward, the best ${frontier.length} are followed.`)
    }
    return run.answer(conclude(run.prompt, frontier[0]!))

    /** A state is the text of the steps so far; one that needs no further step stays as it is. */
    async function propose(state: string): Promise<string[]> {
      const thoughts = await run.samples(breadth, { prompt: next(run.prompt, state) }).all()
      const steps = thoughts.map(({ text }) => text.trim()).filter((text) => text !== '')
      return steps.map((step) => (/^\W*done\b/i.test(step) ? state : `${state}\n${step}`.trim()))
    }

    async function value(state: string): Promise<void> {
      if (values.has(state)) return
      const verdicts = await run.samples(evaluations, { prompt: evaluate(run.prompt, state) }).all()
      values.set(
        state,
        verdicts.map(worth).reduce((sum, weight) => sum + weight),
      )
    }
  },
)

/** The paper's weights: one "sure" outweighs any number of "likely". The last of these words counts. */
const weights: Readonly<Record<string, number>> = { sure: 20, likely: 1, impossible: 0.001 }
const verdict = /\b(sure|likely|impossible)\b/gi
const worth = ({ text }: Completion) => weights[text.match(verdict)?.at(-1)?.toLowerCase() ?? ''] ?? 0

const soFar = (state: string) => (state ? `Steps so far:\n<steps>\n${state}\n</steps>\n\n` : '')
const ask = (prompt: Prompt, state: string, text: string) => say(inWords(prompt), 'user', soFar(state) + text)
const next = (prompt: Prompt, state: string) => ask(prompt, state, goOn)
const evaluate = (prompt: Prompt, state: string) => ({ ...ask(prompt, state, check), maxTokens: 2048 })
const conclude = (prompt: Prompt, state: string) => (state ? say(prompt, 'user', soFar(state) + finish) : prompt)

const goOn = `Write only the next step towards the solution of the task above, in one or two sentences. Do not solve the \
rest. If no further step is needed, write only: DONE`
const check = `Can these steps lead to a correct solution of the task above? Check each for mistakes. End with one word on \
a line of its own: sure, likely or impossible.`
const finish = 'Finish from here and answer the task above completely.'
