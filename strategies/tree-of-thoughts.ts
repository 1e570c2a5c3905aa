import * as z from 'zod'
import { type Completion, inWords, type Prompt, rankBy, say, strategy } from '#core'

/** Breadth-first search over steps of thought: propose, value, keep the best few (Yao et al., 2023, algorithm 1). */
export const treeOfThoughts = strategy(
  'tree-of-thoughts',
  {
    depth: z.int().min(1).max(16).default(3),
    breadth: z.int().min(1).max(16).default(3),
    beam: z.int().min(1).max(16).default(2),
    evaluations: z.int().min(1).max(16).default(1),
  },
  async (run, { depth, breadth, beam, evaluations }) => {
    let frontier: readonly string[] = ['']
    for (let step = 1; step <= depth; step++) {
      const proposed = [...new Set((await run.each(frontier, propose)).flat())]
      const values = await run.each(proposed, value)
      const ranked = rankBy(proposed, (state) => values[proposed.indexOf(state)])
      run.note(`Step ${step}: ${proposed.length} ways forward, the best ${Math.min(beam, ranked.length)} are followed.`)
      if (ranked.length === 0 || ranked.every((state) => frontier.includes(state))) break
      frontier = ranked.slice(0, beam)
    }
    return run.answer(conclude(run.prompt, frontier[0]!))

    /** A state is the text of the steps so far; one that needs no further step stays as it is. */
    async function propose(state: string): Promise<string[]> {
      const thoughts = await run.samples(breadth, { prompt: next(run.prompt, state) }).all()
      const steps = thoughts.map(({ text }) => text.trim()).filter((text) => text !== '')
      return steps.map((step) => (/^\W*done\b/i.test(step) ? state : `${state}\n${step}`.trim()))
    }

    async function value(state: string): Promise<number> {
      const verdicts = await run.samples(evaluations, { prompt: evaluate(run.prompt, state) }).all()
      return verdicts.reduce((sum, verdict) => sum + worth(verdict), 0)
    }
  },
  ['tot'],
)

/** The paper's weights: one "sure" outweighs any number of "likely". */
const weights = { sure: 20, likely: 1, impossible: 0.001 }

function worth({ text }: Completion): number {
  const verdict = text
    .toLowerCase()
    .match(/sure|likely|impossible/g)
    ?.at(-1) as keyof typeof weights | undefined
  return verdict ? weights[verdict] : 0
}

const soFar = (state: string) => (state ? `Steps so far:\n<steps>\n${state}\n</steps>\n\n` : '')

const next = (prompt: Prompt, state: string) =>
  say(
    inWords(prompt),
    'user',
    `${soFar(state)}Write only the next step towards the solution of the task above, in one or two sentences. Do not ` +
      'solve the rest. If no further step is needed, write only: DONE',
  )

const evaluate = (prompt: Prompt, state: string) => ({
  ...say(
    inWords(prompt),
    'user',
    `${soFar(state)}Can these steps lead to a correct solution of the task above? Check each for mistakes. End with one ` +
      'word on a line of its own: sure, likely or impossible.',
  ),
  maxTokens: 2048,
})

const conclude = (prompt: Prompt, state: string) =>
  state ? say(prompt, 'user', `${soFar(state)}Finish from here and answer the task above completely.`) : prompt
