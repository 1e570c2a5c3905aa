import * as z from 'zod'
import { BadRecipe, type Completion, scorer, type TokenLogprob } from '#core'

export const confidence = scorer(
  'confidence',
  {
    does:
      'How sure the model was of its tokens, thinking included. It tells finished candidates apart only roughly: good for ' +
      'weighing or filtering a vote, not for picking one.',
    source: 'Fu et al., 2025',
    calls: '0',
    needs: ['logprobs'],
    asks: { logprobs: true, top_logprobs: 20 },
  },
  {
    /** Over all tokens, over the last window, or over the window where it was least. */
    over: z.enum(['lowest', 'tail', 'mean']).default('lowest'),
    window: z.int().min(1).max(100_000).default(2048),
  },
  ({ over, window }) => ({
    async score(_question, candidate) {
      if (candidate.finish === 'length' || candidate.finish === 'filter') return undefined
      const tokens = confidences(candidate)
      const sure =
        over === 'mean' ? mean(tokens) : over === 'tail' ? mean(tokens.slice(-window)) : lowest(tokens, window)
      return { score: sure / floor, detail: `Token confidence ${sure.toFixed(2)}.` }
    },
  }),
)

/** A log-probability below this says no more than "never", and servers write it as anything down to -9999. */
const floor = 40

/**
 * Of each token the mean of -log p over the likeliest ones in its place, which is high where one stands out (DeepConf's
 * token confidence), from 0 to 40. Throws BadRecipe where nothing is known of them.
 */
function confidences({ choiceExtra }: Completion): readonly number[] {
  const logprobs = choiceExtra?.['logprobs'] as { content?: readonly TokenLogprob[] | null } | null | undefined
  const tokens = (logprobs?.content ?? []).flatMap(({ top_logprobs: top = [] }) => (top.length > 1 ? [top] : []))
  if (tokens.length === 0) throw unknown()
  return tokens.map((top) => mean(top.map(({ logprob }) => Math.min(floor, -logprob))))
}

const unknown = () =>
  new BadRecipe(
    'confidence needs the log-probabilities of several tokens in each place (logprobs with top_logprobs), and a candidate came without.',
    'scorer',
  )

/** The least mean of so many tokens in a row; of all where there are fewer. */
function lowest(values: readonly number[], window: number): number {
  const size = Math.min(window, values.length)
  let sum = values.slice(0, size).reduce((sum, value) => sum + value, 0)
  let least = sum
  for (let at = size; at < values.length; at++) {
    sum += values[at]! - values[at - size]!
    least = Math.min(least, sum)
  }
  return least / size
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
