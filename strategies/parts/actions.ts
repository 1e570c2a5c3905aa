import type { Prompt } from '#core'
import { about, nextStep } from './next-step.ts'

/** What rStar may do next: a step, all the rest, a sub-question, that once more, the task in other words. */
export type Action = 'step' | 'answer' | 'ask' | 'again' | 'rephrase'

const onward = ['step', 'answer', 'ask'] as const
/** What may follow what. */
export const follows: Readonly<Record<Action | 'start', readonly Action[]>> = {
  start: [...onward, 'rephrase'],
  ask: [...onward, 'again'],
  step: onward,
  again: onward,
  rephrase: onward,
  answer: [],
}

export const asks = {
  step: nextStep,
  ask: (prompt: Prompt, steps: string) => about(prompt, steps, ask),
  again: (prompt: Prompt, steps: string) => about(prompt, steps, again),
  rephrase: (prompt: Prompt, steps: string) => about(prompt, steps, rephrase),
}
export const inNotes: Readonly<Record<Action, string>> = {
  step: 'the next step',
  answer: 'the rest and the answer',
  ask: 'a sub-question and its answer',
  again: 'that sub-question answered again',
  rephrase: 'the task put in other words',
}

const ask = `Ask the one sub-question whose answer brings the task above closest to its solution, and answer it. Write only \
the sub-question and its answer, each on a line. If none is needed any more, write only: DONE`
const again = `Answer the last of these sub-questions again, from its beginning and if you can by another way. Write only \
that answer, in a few sentences.`
const rephrase = `Put the task above in other words: each condition that it gives on a line of its own, and then what it \
asks for. Do not solve it.`
