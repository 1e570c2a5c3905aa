import { type Completion, hash, type Prompt, randomFrom } from '#core'
import type { Answerer } from './measured.ts'

/** How good the simulated model is at what strategies ask of it; shares of 1. */
export const skill = {
  /** Right answers are told to be right, and wrong ones to be right all the same. */
  recognises: 0.8,
  takesForRight: 0.3,
  /** With other answers in view, one of them is taken over and no new one worked out. */
  takesOver: 0.7,
  /** Among different answers in view, a right one is chosen, where it is not left to how often each was given. */
  chooses: 0.6,
} as const

/** A question with its right answer, the wrong ones that come to mind, and the share of samples that are right. */
export type Task = {
  readonly id: number
  readonly right: string
  readonly wrong: readonly string[]
  readonly p: number
}

/** Questions from easy to hard, half of them answered right by more than about six samples of ten; the same at every run. */
export const tasks = (count: number): readonly Task[] =>
  Array.from({ length: count }, (_, id) => {
    const random = randomFrom('task', id)
    // The larger of two uniform numbers, so that most are done more often than not and some hardly ever.
    const p = 0.05 + 0.9 * Math.max(random(), random() * 0.9)
    const answers = Array.from({ length: 6 }, (_, i) => String(1000 + (hash('answer', id, i) % 9000)))
    return { id, right: answers[0]!, wrong: answers.slice(1), p }
  })

/** The task for a model that gets half of what goes wrong right. */
export const stronger = (task: Task): Task => ({ ...task, p: task.p + (1 - task.p) / 2 })

export const promptOf = ({ id }: Task): Prompt => ({
  messages: [{ role: 'user', content: `Question ${id}: what is f(${id})? Put the answer in \\boxed{}.` }],
  seed: id,
})

/** Everything that a prompt may ask for beside an answer, by the form it asks for it in. */
const verdicts: readonly (readonly [RegExp, (say: Say) => string])[] = [
  [/Score: N/, ({ likes, random }) => `Score: ${likes ? 7 + Math.floor(random() * 4) : Math.floor(random() * 6)}`],
  [/Confidence: N/, ({ likes, random }) => `Confidence: ${Math.round((likes ? 60 : 30) + 40 * random())}`],
  [/Judgment: N/, ({ place }) => `Judgment: ${place}`],
  [/Better: N/, ({ place }) => `Better: ${place}`],
  [/Verdict: (?:correct|incorrect)/i, ({ likes }) => `Verdict: ${likes ? 'correct' : 'incorrect'}`],
  [/Verdict: (?:good|revise)/i, ({ likes }) => `Verdict: ${likes ? 'good' : 'revise'}`],
  [/\bsure, likely or impossible\b/, ({ likes }) => (likes ? 'sure' : 'impossible')],
]

type Say = { readonly likes: boolean; readonly place: number; readonly random: () => number }

/**
 * A model of stated skill that answers whatever strategies ask about one task. It is a simulation: its samples are
 * independent, and it cannot do anything that is not written here.
 */
export const simulated =
  (task: Task): Answerer =>
  (prompt, { draws }) => {
    const words = prompt.messages.map(({ content }) => String(content)).join('\n')
    const random = randomFrom('say', words, task.id, ...draws)
    const shown = [...words.matchAll(/\\boxed\{(\d+)\}/g)].map((match) => match[1]!)
    const likes = random() < (shown.at(-1) === task.right ? skill.recognises : skill.takesForRight)
    const asked = verdicts.find(([form]) => form.test(String(prompt.messages.at(-1)!.content)))
    if (asked) return said(`${asked[1]({ likes, place: choice(task, shown, random) + 1, random })}`, 60)
    const answer =
      shown.length > 0 && random() < skill.takesOver ? shown[choice(task, shown, random)]! : fresh(task, random)
    // Wrong thoughts are longer, as they are of real models.
    const tokens = Math.round((answer === task.right ? 300 : 450) * (0.5 + random()))
    return said(`So the answer is \\boxed{${answer}}.`, tokens, 'Let me think about it.')
  }

const said = (text: string, tokens: number, thinking?: string): { completion: Completion; tokens: number } => ({
  completion: { text, finish: 'stop', ...(thinking ? { thinking } : {}) },
  tokens,
})

/** Which of the answers in view: a right one if it is seen, else any of them, the frequent ones more often. */
function choice({ right }: Task, shown: readonly string[], random: () => number): number {
  const seen = shown.flatMap((answer, i) => (answer === right ? [i] : []))
  const from = seen.length > 0 && random() < skill.chooses ? seen : shown.map((_, i) => i)
  return from[Math.floor(random() * from.length)] ?? 0
}

function fresh({ right, wrong, p }: Task, random: () => number): string {
  if (random() < p) return right
  // Each wrong answer comes half as often as the one before.
  const rank = Math.min(wrong.length - 1, Math.floor(-Math.log2(random())))
  return wrong[rank]!
}
