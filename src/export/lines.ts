import { advantages } from '#core'
import type { Group, Sampled } from './group.ts'
import { lengthOf, messageOf, type ThinkForm } from './message.ts'

export const formats = ['sft', 'dpo', 'grpo'] as const
export type Format = (typeof formats)[number]

export type Picking = {
  readonly think: ThinkForm
  /** The most lines of one question. */
  readonly most: number
  /** Whether chosen and rejected are to be about as long as each other. */
  readonly balanced: boolean
  /** Only questions whose samples agree at least so far. */
  readonly agreement: number
}

/** The lines of training data that a question's samples give, in the forms that TRL's trainers read. */
export function linesOf(format: Format, group: Group, picking: Picking): readonly object[] {
  if (group.agreement < picking.agreement) return []
  return makers[format](group, picking)
}

const makers: Readonly<Record<Format, (group: Group, picking: Picking) => readonly object[]>> = { sft, dpo, grpo }

/** Prompt and completion of the samples that are right (rejection sampling), the shortest first. */
function sft({ messages: prompt, samples }: Group, { think, most }: Picking) {
  const right = distinct(samples.filter(isRight)).sort((a, b) => lengthOf(a.completion) - lengthOf(b.completion))
  return right.slice(0, most).map(({ completion }) => ({ prompt, completion: [messageOf(completion, think)] }))
}

/** Preferences: a right sample chosen, a wrong one rejected; no sample is in two pairs. */
function dpo({ messages: prompt, samples }: Group, { think, most, balanced }: Picking) {
  const right = distinct(samples.filter(isRight))
  const wrong = distinct(samples.filter(({ reward }) => reward < 1))
  const gap = (a: Sampled, b: Sampled) =>
    Math.abs(Math.log(1 + lengthOf(a.completion)) - Math.log(1 + lengthOf(b.completion)))
  const all = right.flatMap((chosen) => wrong.map((rejected) => ({ chosen, rejected })))
  if (balanced) all.sort((a, b) => gap(a.chosen, a.rejected) - gap(b.chosen, b.rejected))
  const used = new Set<Sampled>()
  const pairs = all.filter(({ chosen, rejected }) => {
    if (used.has(chosen) || used.has(rejected)) return false
    used.add(chosen).add(rejected)
    return true
  })
  return pairs.slice(0, most).map(({ chosen, rejected }) => ({
    prompt,
    chosen: [messageOf(chosen.completion, think)],
    rejected: [messageOf(rejected.completion, think)],
  }))
}

/**
 * A prompt with its group: samples, rewards, and how each stands among the others. GRPO's trainer of TRL reads the prompt
 * and hands the other columns to the reward functions; where all rewards are equal there is nothing to learn.
 */
function grpo({ messages: prompt, samples, reference }: Group, { think }: Picking) {
  const rewards = samples.map(({ reward }) => reward)
  if (new Set(rewards).size < 2) return []
  const answer = reference === undefined ? {} : { answer: reference }
  const said = samples.map(({ completion }) => [messageOf(completion, think)])
  return [{ prompt, ...answer, samples: said, rewards, advantages: advantages(rewards) }]
}

/** One that was cut off is no example, whatever it said before. */
const isRight = ({ reward, completion: { finish } }: Sampled) => reward === 1 && finish !== 'length'

/** Word for word the same is one example. */
function distinct(samples: readonly Sampled[]): Sampled[] {
  const seen = new Set<string>()
  return samples.filter(({ completion: { text, thinking = '' } }) => {
    const words = `${thinking}\u0000${text}`
    return !seen.has(words) && seen.add(words)
  })
}
