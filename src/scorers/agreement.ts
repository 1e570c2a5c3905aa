import { answerOf, sameAnswer } from '#answers'
import type { Scorer } from '#core'

/** The share of the other candidates that come to the same answer; it asks no model. One that gives no answer scores 0. */
export const agreement: Scorer = async (question, candidate, { among }) => {
  const answer = answerOf(candidate, question)
  if (!answer) return 0
  const others = among.length - 1
  if (others < 1) return 1
  return (among.filter((other) => sameAnswer(answer, answerOf(other, question))).length - 1) / others
}
