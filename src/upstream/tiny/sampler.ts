/** How to choose among the next tokens. */
export type Taste = {
  /** Divides the logits; 0 takes the likeliest token. */
  readonly temperature: number
  /** The likeliest tokens that together have this probability, 0 to 1, are chosen from; always at least one. */
  readonly topP: number
  /** How many of the likeliest tokens are chosen from; 0 is all. */
  readonly topK: number
}

/**
 * Chooses the next token.
 *
 * @param chance a number from 0 up to, not including, 1
 */
export function choose(logits: Float32Array, { temperature, topP, topK }: Taste, chance: number): number {
  if (temperature === 0) return likeliest(logits)
  const highest = logits[likeliest(logits)]!
  const masses = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature))
  const cut = topP < 1 || (topK > 0 && topK < masses.length)
  return cut ? amongBest(masses, topP, topK || masses.length, chance) : among(masses, chance)
}

function likeliest(logits: Float32Array): number {
  let best = 0
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id
  return best
}

function among(masses: Float64Array, chance: number): number {
  let left = chance * sum(masses)
  let last = 0
  for (let id = 0; id < masses.length; id++) {
    if (masses[id] === 0) continue
    last = id
    left -= masses[id]!
    if (left < 0) return id
  }
  // The subtractions may round to a little more than nothing.
  return last
}

function amongBest(masses: Float64Array, topP: number, topK: number, chance: number): number {
  const ids = Uint16Array.from(masses.keys()).sort((a, b) => masses[b]! - masses[a]! || a - b)
  const enough = topP * sum(masses)
  let kept = 0
  let mass = 0
  while (kept < topK && kept < ids.length && (kept === 0 || mass < enough)) mass += masses[ids[kept++]!]!
  return ids[
    among(
      Float64Array.from(ids.subarray(0, kept), (id) => masses[id]!),
      chance,
    )
  ]!
}

function sum(values: Float64Array): number {
  let total = 0
  for (let at = 0; at < values.length; at++) total += values[at]!
  return total
}
