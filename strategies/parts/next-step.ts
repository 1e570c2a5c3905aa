import { framed, inWords, type Prompt, say } from '#core'

/** Asks for one step more and nothing else. */
export const nextStep = (prompt: Prompt, steps: string): Prompt => say(inWords(prompt), 'user', soFar(steps) + goOn)

/** The client's own prompt with the steps said after it: asks for the whole answer. */
export const conclusion = (prompt: Prompt, steps: string): Prompt =>
  steps ? say(prompt, 'user', soFar(steps) + finish) : prompt

/** Asks something about the steps. */
export const about = (prompt: Prompt, steps: string, question: string): Prompt =>
  say(inWords(prompt), 'user', soFar(steps) + question)

/** The steps with one more behind them, and whether it was said that no more is needed. */
export function withStep(steps: string, said: string): { readonly steps: string; readonly done: boolean } {
  const step = said.trim()
  if (/^\W*done\b/i.test(step)) return { steps, done: true }
  const kept = step.replace(/\n\W*done\W*$/i, '').trimEnd()
  return { steps: [steps, kept].filter(Boolean).join('\n'), done: kept !== step }
}

const soFar = (steps: string) => (steps ? `Steps so far:\n${framed('steps', steps)}\n\n` : '')

const goOn = `Write only the next step towards the solution of the task above, in one or two sentences. Do not solve the \
rest. If no further step is needed, write only: DONE`
const finish = 'Finish from here and answer the task above completely.'
