import type { Ask } from './ask.ts'
import type { Dice } from './dice.ts'
import { verdict } from './judge.ts'
import { problem } from './problem.ts'
import { candidateIn, questionIn } from './sections.ts'
import { equation, explained, thought } from './thought.ts'
import { plan, type Step } from './tree.ts'
import { outcome, work } from './work.ts'

const introduction =
  'I am the simulation built into Mull, not a language model: I only do arithmetic, such as "What is 17 × 24?". ' +
  'For real answers, set UPSTREAM_BASE_URL to an OpenAI-compatible server.'

/** What goes in the think block, what is said after it, and the value for a JSON answer. */
type Reply = { thinking: string; answer: string; value: string | number | null }

const solve = (steps: readonly Step[], boxed: boolean, errorRate: number, dice: Dice): Reply => {
  const done = work(steps, dice.chance(errorRate), dice)
  const value = outcome(done)
  const answers = [`The answer is \\boxed{${value}}.`, `**Answer:** \\boxed{${value}}`, `The answer is ${value}.`]
  return { thinking: thought(done, dice), answer: dice.pick(answers.slice(0, boxed ? 2 : 3)), value: Number(value) }
}

/** Does the first step of the plan that the steps so far, counted by their equals signs, leave open. */
const nextStep = (steps: readonly Step[], soFar: string, errorRate: number, dice: Dice): Reply => {
  const results = [...soFar.matchAll(/= *(-?\d+(?:\.\d+)?)/g)].map((match) => Number(match[1])).slice(0, steps.length)
  const [left = 0, right = 0] = [steps[results.length]?.left, steps[results.length]?.right].map((operand) =>
    typeof operand === 'object' ? results[operand.step] : operand,
  )
  const open = steps.slice(results.length, results.length + 1).map((step) => ({ ...step, left, right }))
  // So that all steps together go wrong about as often as one whole reply does.
  const done = work(open, dice.chance(errorRate / steps.length), dice)
  const value = done[0]?.value ?? results.at(-1) ?? null
  const ends = results.length + 1 < steps.length ? [] : [`The answer is \\boxed{${value}}.`]
  const answer = [...done.map(equation), ...ends].join('\n')
  return { thinking: done.map(explained).join('\n'), answer, value }
}

const respond = (prompt: string, earlier: string, errorRate: number, dice: Dice): Reply => {
  const question = questionIn(prompt)
  const candidate = candidateIn(prompt)
  const others = prompt.replace(question, '')
  const rates = ['sure', 'likely', 'impossible'].every((word) => prompt.includes(word))
  const judges = rates || (candidate !== '' && /\bscore\b/i.test(prompt))
  const refers = judges || /\b(?:again|check|step|review|wait|mistakes?)\b/i.test(prompt)
  const tree = problem(question) ?? (refers ? problem(questionIn(earlier)) : null)
  if (tree === null) {
    const value = rates ? 'likely' : judges ? 5 : null
    const answer = introduction + (value ? `\n${rates ? '' : 'Score: '}${value}` : '')
    return { thinking: 'I see no arithmetic here that I can do.', answer, value }
  }
  const steps = plan(tree)
  if (judges) {
    const { thinking, sound, reason } = verdict(candidate || others, steps, dice)
    if (rates) return { thinking, answer: sound ? 'sure' : 'impossible', value: sound ? 'sure' : 'impossible' }
    const value = Math.floor(dice.next() * 3 + (sound ? 8 : 0))
    return { thinking, answer: `${reason}\nScore: ${value}`, value }
  }
  if (/next step/i.test(prompt)) return nextStep(steps, candidate || others, errorRate, dice)
  return solve(steps, prompt.includes('boxed'), errorRate, dice)
}

/** Writes one whole reply: a think block in the content, as R1 does without a reasoning parser, then the answer. */
export const reply = ({ messages, jsonKey }: Ask, errorRate: number, dice: Dice): string => {
  const asked = messages.filter(({ role }) => role === 'user').map(({ text }) => text)
  const { thinking, answer, value } = respond(asked.at(-1) ?? '', asked.slice(0, -1).join('\n'), errorRate, dice)
  return `<think>\n${thinking}\n</think>\n\n${jsonKey ? JSON.stringify({ [jsonKey]: value }) : answer}`
}
