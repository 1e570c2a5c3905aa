import type { Scorer } from '#core'
import { answerOf, sameAnswer } from '#vote'

/** The share of the other candidates that come to the same answer; it asks no model. One that gives no answer scores 0. */
export const agreement: Scorer = async (question, candidate, { among }) => {
  const answer = answerOf(candidate, question)
  if (!answer) return 0
  const others = among.filter((other) => other !== candidate)
  if (others.length === 0) return 1
  return others.filter((other) => sameAnswer(answer, answerOf(other, question))).length / others.length
}
