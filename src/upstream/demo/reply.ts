import type { Ask } from './ask.ts'
import type { Dice } from './dice.ts'
import { problem } from './problem.ts'
import { taskOf } from './prompt.ts'
import { plan, type Step } from './tree.ts'
import { equation, explained, outcome, work, written } from './work.ts'

const introduction =
  'I am the simulation built into Mull, not a language model: I only do arithmetic, such as "What is 17 × 24?". ' +
  'For real answers, set UPSTREAM_BASE_URL to an OpenAI-compatible server.'

/** What goes in the think block, what is said after it, and the value for a JSON answer. */
type Reply = { thinking: readonly string[]; answer: string; value: string | number | null }

/** Goes on from the steps that are shown, if any, to the end. */
const solution = (steps: readonly Step[], given: readonly number[], errorRate: number, dice: Dice): Reply => {
  const left = steps.length - given.length
  const done = work(steps, given, dice.chance((errorRate * left) / steps.length), dice)
  const value = outcome(done)
  const begin = dice.pick(['Okay, let me work this out.', 'Alright, one step at a time.', 'Hmm, let me see.'])
  return {
    thinking: [begin, ...done.slice(given.length).map(explained), `So the answer is ${value}.`],
    answer: dice.pick([`The answer is \\boxed{${value}}.`, `**Answer:** \\boxed{${value}}`]),
    value: Number(value),
  }
}

/** Does the first step that the given results leave open; all together go wrong about as often as one whole reply. */
const nextStep = (steps: readonly Step[], given: readonly number[], errorRate: number, dice: Dice): Reply => {
  if (given.length >= steps.length) return { thinking: ['Nothing is left to do.'], answer: 'DONE', value: 'DONE' }
  const done = work(steps.slice(0, given.length + 1), given, dice.chance(errorRate / steps.length), dice).at(-1)!
  const ends = given.length + 1 < steps.length ? '' : `\nThe answer is \\boxed{${written(done.value)}}.`
  return { thinking: [explained(done)], answer: equation(done) + ends, value: done.value }
}

/** Compares a candidate, finished or partial, with the simulation's own work. Right four times out of five. */
const verdict = (
  steps: readonly Step[],
  shown: string,
  given: readonly number[],
  scores: boolean,
  dice: Dice,
): Reply => {
  const done = work(steps, [], false, dice)
  const finished = given.length === 0 || /boxed|answer/i.test(shown)
  const claimed = written(numbersIn(shown).at(-1) ?? Number.NaN)
  const right = finished
    ? claimed === outcome(done)
    : given.every((value, index) => written(value) === written(done[index]!.value))
  const sound = right !== dice.chance(0.2)
  const thinking = ['Let me compute it myself.', ...done.map(explained), sound ? 'That fits.' : 'That does not fit.']
  if (!scores) return { thinking, answer: sound ? 'sure' : 'impossible', value: sound ? 'sure' : 'impossible' }
  const score = Math.floor(dice.next() * 3 + (sound ? 8 : 0))
  return { thinking, answer: `${sound ? 'I find no mistake.' : 'I find a mistake.'}\nScore: ${score}`, value: score }
}

const numbersIn = (text: string) =>
  (
    text
      .split('</think>')
      .at(-1)!
      .replace(/(?<=\d),(?=\d{3})/g, '')
      .match(/-?\d+(?:\.\d+)?/g) ?? []
  ).map(Number)

const respond = (prompt: string, earlier: readonly string[], errorRate: number, dice: Dice): Reply => {
  const { wanted, questions, shown } = taskOf(prompt, earlier)
  const tree = questions.map(problem).find((tree) => tree !== null)
  if (tree === undefined) {
    const value = wanted === 'word' ? 'likely' : wanted === 'score' ? 5 : null
    const ends = { word: '\nlikely', score: '\nScore: 5', step: '', solution: '' }[wanted]
    return { thinking: ['I see no arithmetic here that I can do.'], answer: introduction + ends, value }
  }
  const steps = plan(tree)
  const results = [...shown.matchAll(/= *(-?\d+(?:\.\d+)?)/g)].map((match) => Number(match[1]))
  const given = results.slice(0, steps.length)
  if (wanted === 'word' || wanted === 'score') return verdict(steps, shown, given, wanted === 'score', dice)
  return wanted === 'step' ? nextStep(steps, given, errorRate, dice) : solution(steps, given, errorRate, dice)
}

/** Writes one whole reply: a think block in the content, as R1 does without a reasoning parser, then the answer. */
export const reply = ({ messages, jsonKey }: Ask, errorRate: number, dice: Dice): string => {
  const asked = messages.filter(({ role }) => role === 'user').map(({ text }) => text)
  const { thinking, answer, value } = respond(asked.at(-1) ?? '', asked.slice(0, -1), errorRate, dice)
  const said = jsonKey === null ? answer : JSON.stringify({ [jsonKey]: value })
  return `<think>\n${thinking.join('\n')}\n</think>\n\n${said}`
}
