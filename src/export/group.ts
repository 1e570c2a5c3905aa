import type { Completion, Message, Prompt } from '#core'
import { AnswerTally } from '#vote'

/** A sample with what it is worth. */
export type Sampled = { readonly completion: Completion; readonly reward: number }

/** The samples of one question. */
export type Group = {
  readonly id: string
  readonly messages: readonly Message[]
  /** The right answer, where one is known. */
  readonly reference?: string
  readonly samples: readonly Sampled[]
  /** Share of the samples that gave the most frequent answer, in [0, 1]. */
  readonly agreement: number
}

/** What tells a good sample from a bad one: whether it is right, or whether it gives the answer that most give. */
export type Judging = 'truth' | 'votes'

/** A group whose rewards are the votes': 1 for who gave the most frequent answer, 0 for all others. */
export function votedGroup(id: string, prompt: Prompt, completions: readonly Completion[]): Group {
  const indexed = completions.map((completion, index) => ({ ...completion, index }))
  const { most, agreement } = voted(prompt, indexed)
  const samples = indexed.map((completion) => ({ completion, reward: Number(most.has(completion.index)) }))
  return { id, messages: prompt.messages, samples, agreement }
}

/** The places of the samples that gave the most frequent answer, and their share. */
export function voted(prompt: Prompt, completions: readonly Completion[]) {
  const tally = new AnswerTally(prompt)
  for (const [index, completion] of completions.entries()) tally.add({ ...completion, index })
  const most = new Set(tally.groups[0]?.members.map(({ index }) => index))
  return { most, agreement: tally.result.agreement }
}
