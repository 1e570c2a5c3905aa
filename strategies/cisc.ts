import * as z from 'zod'
import { type Completion, inWords, type Prompt, say, strategy, voting } from '#core'
import { weightedVote } from './parts/weighted-vote.ts'

export const cisc = strategy(
  'cisc',
  {
    does:
      'Asks the model after each of n paths how sure it is of it, and weighs the votes with the softmax of that; a vote ' +
      'that no confidences could turn costs none.',
    source: 'Taubenfeld et al., 2025',
    aliases: ['confidence-informed-self-consistency'],
    calls: '2 * n',
    depth: '2',
  },
  {
    n: z.int().min(1).max(256).default(8),
    tau: z.number().min(0.01).max(100).default(0.5),
    ...voting(),
  },
  (run, { n, tau }) => {
    // A softmax whose sum is left out: no vote changes when all weights shrink alike.
    const weightOf = (confidence: number) => Math.exp((confidence - 1) / tau)
    const open = ([first = 0, second = 0]: readonly number[]) => first * weightOf(0) <= second * weightOf(1)
    return weightedVote(run, run.samples(n), confidence, open)

    async function confidence(path: Completion): Promise<number | undefined> {
      if (path.toolCalls) return undefined
      const said = confidenceIn(await run.optional(run.sample(howSure(run.prompt, path))))
      return said === undefined ? undefined : weightOf(said)
    }
  },
)

/** The last confidence that is given, or a reply that is nothing but a number; off the scale it says nothing. */
function confidenceIn(reply: Completion | undefined): number | undefined {
  const text = reply?.text ?? ''
  const named = [...text.matchAll(/confidence[*_\s]*[:：=][^\w\n-]*(-?\d+(?:\.\d+)?)/gi)].at(-1)?.[1]
  const value = Number(named ?? /^[^\w-]*(\d+(?:\.\d+)?)\s*(?:%|\/\s*100)?\W*$/.exec(text)?.[1] ?? Number.NaN)
  return value >= 0 && value <= 100 ? value / 100 : undefined
}

const howSure = (prompt: Prompt, path: Completion): Prompt => ({
  ...say(say(inWords(prompt), 'assistant', path.text), 'user', question),
  maxTokens: 2048,
})

const question = `How sure are you that this answer is correct? Do not solve the task again. Reply with one line of the form
Confidence: N
where N is a whole number from 0, certainly wrong, to 100, certainly correct.`
