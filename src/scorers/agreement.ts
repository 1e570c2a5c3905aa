import { scorer } from '#core'
import { answerOf, sameAnswer } from '#vote'

export const agreement = scorer(
  'agreement',
  {
    does: 'The share of the other candidates that come to the same answer; it asks no model. One without an answer scores 0.',
    calls: '0',
  },
  {},
  () => ({
    async score(question, candidate, { among }) {
      const answer = answerOf(candidate, question)
      if (!answer) return { score: 0 }
      const others = among.filter((other) => other !== candidate)
      if (others.length === 0) return { score: 1 }
      const agreeing = others.filter((other) => sameAnswer(answer, answerOf(other, question)))
      return { score: agreeing.length / others.length }
    },
  }),
)
