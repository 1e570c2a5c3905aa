import * as z from 'zod'
import { BadRecipe, logprobsOf, measures, scorer, tokenConfidences } from '#core'

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
    over: z
      .enum(['tail', 'lowest', 'bottom', 'mean'])
      .default('tail')
      .describe(
        'Over the last window of tokens, the window where it was least, the lowest tenth of all windows, or all tokens.',
      ),
    window: z.int().min(1).max(65_536).default(2048),
  },
  ({ over, window }) => ({
    async score(_question, candidate) {
      if (candidate.finish === 'length' || candidate.finish === 'filter') return undefined
      const several = logprobsOf(candidate).filter(({ top_logprobs: top = [] }) => top.length > 1)
      const values = tokenConfidences(several)
      if (values.length === 0) throw unknown()
      const sure = measures[over](values, window)
      return { score: Math.min(1, sure / most), detail: `Token confidence ${sure.toFixed(2)}.` }
    },
  }),
)

/** In proportion, because votes are weighed with it; the mean over twenty tokens in a place hardly ever comes near. */
const most = 40

const unknown = () =>
  new BadRecipe(
    'confidence needs the log-probabilities of several tokens in each place (logprobs with top_logprobs), and a candidate came without.',
    'scorer',
  )
