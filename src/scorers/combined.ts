import type { Asks, Opinion, ScoreContext, Scorer } from '#core'
import { NothingToVerify } from './checks/nothing.ts'

/**
 * Several scorers as one: who fails a gate scores 0 and is not looked at further, the rest get the mean of the others'
 * scores by their weights. A gate that has nothing to look at is open.
 */
export function combined(parts: readonly Scorer[]): Scorer {
  const gates = parts.filter(({ gate }) => gate)
  const graders = parts.filter(({ gate }) => !gate)
  const checks = parts.find(({ check }) => check)?.check
  const needs = [...new Set(parts.flatMap(({ needs = [] }) => needs))]
  const asks: Asks = Object.assign({}, ...parts.map(({ asks }) => asks))
  const whole: Scorer = {
    async score(...asked): Promise<Opinion | undefined> {
      const passed = await Promise.all(gates.map((gate) => opening(gate, asked)))
      const failed = passed.find((opinion) => opinion?.pass === false)
      if (failed) return { ...failed, score: 0, pass: false }
      const heard = graders.length > 0 ? await Promise.all(graders.map((grader) => grader.score(...asked))) : passed
      const score = meanOf(
        heard.map((opinion) => opinion?.score),
        graders.length > 0 ? graders : gates,
      )
      if (score === undefined) return undefined
      const details = [...new Set([...passed, ...heard])].flatMap((opinion) => opinion?.detail ?? [])
      return {
        score,
        ...(passed.some((opinion) => opinion?.pass) ? { pass: true } : {}),
        ...(passed.some((opinion) => opinion?.proven) ? { proven: true } : {}),
        ...(details.length > 0 ? { detail: details.join(' ') } : {}),
      }
    },
    ...(gates.length === parts.length ? { gate: true } : {}),
    ...(needs.length > 0 ? { needs } : {}),
    ...(Object.keys(asks).length > 0 ? { asks } : {}),
    ...(checks ? { check: checks } : {}),
  }
  if (!graders.some(({ compare }) => compare)) return whole
  return {
    ...whole,
    /** Who alone passes the gates is better; those who both do are compared by each of the others, by their weights. */
    async compare(question, a, b, context) {
      const [first, second] = await Promise.all([open(question, a, context), open(question, b, context)])
      if (!first || !second) return first === second ? 0.5 : Number(first)
      const votes = await Promise.all(graders.map((grader) => preference(grader, question, a, b, context)))
      const mean = meanOf(votes, graders)
      return mean === undefined ? undefined : (Math.sign(mean - 0.5) + 1) / 2
    },
  }

  async function open(question: Asked[0], candidate: Asked[1], context: ScoreContext): Promise<boolean> {
    const passed = await Promise.all(gates.map((gate) => opening(gate, [question, candidate, context])))
    return passed.every((opinion) => opinion?.pass !== false)
  }
}

type Asked = Parameters<Scorer['score']>

async function opening(gate: Scorer, asked: Asked): Promise<Opinion | undefined> {
  try {
    return await gate.score(...asked)
  } catch (error) {
    if (error instanceof NothingToVerify) return undefined
    throw error
  }
}

async function preference(scorer: Scorer, ...[question, a, b, context]: Parameters<NonNullable<Scorer['compare']>>) {
  if (scorer.compare) return scorer.compare(question, a, b, context)
  const [first, second] = await Promise.all([a, b].map((one) => scorer.score(question, one, context)))
  return first && second ? (Math.sign(first.score - second.score) + 1) / 2 : undefined
}

/** By weight; what is missing has none. Undefined where nothing counts. */
function meanOf(values: readonly (number | undefined)[], scorers: readonly Scorer[]): number | undefined {
  let [sum, weights] = [0, 0]
  for (const [at, value] of values.entries()) {
    const { weight = 1 } = scorers[at]!
    if (value === undefined) continue
    sum += weight * value
    weights += weight
  }
  return weights > 0 ? sum / weights : undefined
}
