import { answerOf } from '#answers'
import type { Scorer } from '#core'

/** The share of the other candidates that come to the same answer; it asks no model. One that gives no answer scores 0. */
export const agreement: Scorer = async (question, candidate, { among }) => {
  const key = answerOf(candidate, question)?.key
  if (key === undefined) return 0
  const others = among.length - 1
  if (others < 1) return 1
  return (among.filter((other) => answerOf(other, question)?.key === key).length - 1) / others
}
