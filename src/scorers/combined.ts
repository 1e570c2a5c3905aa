import type { Opinion, Scorer, ScorerFactory } from '#core'

/** Several scorers as one: whoever fails a gate scores 0, the rest get the mean of the others' scores. */
export function combined(parts: readonly (readonly [ScorerFactory, Scorer])[]): Scorer {
  const gates = parts.filter(([{ about }]) => about.gate).map(([, scorer]) => scorer)
  const graders = parts.filter(([{ about }]) => !about.gate).map(([, scorer]) => scorer)
  return {
    async score(...asked): Promise<Opinion | undefined> {
      const passed = await Promise.all(gates.map((gate) => gate.score(...asked)))
      const failed = passed.find((opinion) => opinion && opinion.pass === false)
      if (failed) return { ...failed, score: 0, pass: false }
      if (graders.length === 0) return meanOf(passed)
      const mean = meanOf(await Promise.all(graders.map((grader) => grader.score(...asked))))
      return mean && { ...mean, ...(passed.some((opinion) => opinion?.pass) ? { pass: true } : {}) }
    },
  }
}

function meanOf(opinions: readonly (Opinion | undefined)[]): Opinion | undefined {
  const known = opinions.filter((opinion) => opinion !== undefined)
  if (known.length === 0) return undefined
  return { score: known.reduce((sum, { score }) => sum + score, 0) / known.length }
}
