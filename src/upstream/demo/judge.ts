import type { Dice } from './dice.ts'
import { explained } from './thought.ts'
import type { Step } from './tree.ts'
import { outcome, work, written } from './work.ts'

/** A verdict on a candidate, with the recomputation it rests on. */
export type Verdict = { thinking: string; sound: boolean; reason: string }

/** Compares a candidate, finished or partial, with the simulation's own work. Right four times out of five. */
export const verdict = (candidate: string, steps: readonly Step[], dice: Dice): Verdict => {
  const truth = work(steps, false, dice)
  const body = candidate
    .split('</think>')
    .at(-1)!
    .replace(/(?<=\d),(?=\d{3})/g, '')
  const claimed = written(Number(body.match(/-?\d+(?:\.\d+)?/g)?.at(-1)))
  // Only a partial solution may end on a result from half way.
  const results = /boxed|answer/i.test(body) ? truth.slice(-1) : truth
  const mistaken = dice.chance(0.2)
  const sound = results.some(({ value }) => written(value) === claimed) !== mistaken
  const done = work(steps, mistaken && !sound, dice)
  return {
    thinking: ['Let me compute it myself.', ...done.map(explained)].join('\n'),
    sound,
    reason: sound ? `${claimed} fits, I find no mistake.` : `I get ${outcome(done)}, not ${claimed}.`,
  }
}
