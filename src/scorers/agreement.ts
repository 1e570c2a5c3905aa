import { answerOf } from '#answers'
import type { Scorer } from '#core'

/** The share of the other candidates that come to the same answer; it asks no model. One that gives no answer scores 0. */
export const agreement: Scorer = async (question, candidate, { among }) => {
  const key = answerOf(candidate, question)?.key
  if (key === undefined) return 0
  const others = among.filter((other) => other !== candidate)
  if (others.length === 0) return 1
  return others.filter((other) => answerOf(other, question)?.key === key).length / others.length
}
