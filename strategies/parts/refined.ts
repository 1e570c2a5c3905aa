import { type Completion, framed, type Prompt, say } from '#core'

/** The prompt with an answer to it and what was found wrong with that said after it: asks for a better answer. */
export const refined = (prompt: Prompt, { text }: Pick<Completion, 'text'>, review: string): Prompt =>
  say(say(prompt, 'assistant', text), 'user', `${framed('review', review)}\n\n${better}`)

const better = `That review of your answer may itself be wrong in places. Find out what is really wrong with the answer, or \
another way to solve the task, and write a better answer: the whole of it, as if it were the first, and without a word \
about the review.`
