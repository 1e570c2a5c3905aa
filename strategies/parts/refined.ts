import { type Completion, framed, inWords, type Opinion, type Prompt, say } from '#core'

/** The prompt with an answer to it and what was found wrong with that said after it: asks for a better answer. */
export const refined = (prompt: Prompt, { text }: Pick<Completion, 'text'>, review: string): Prompt =>
  say(say(prompt, 'assistant', text), 'user', `${framed('review', review)}\n\n${better}`)

/** Asks what is wrong with an answer, for whoever refines it. */
export const reviewed = (prompt: Prompt, { text }: Pick<Completion, 'text'>, question: string): Prompt => ({
  ...say(say(inWords(prompt), 'assistant', text), 'user', question),
  maxTokens: 4096,
})

/** What a scorer thought of an answer, in the words of a review. */
export const inReview = (opinion: Opinion | undefined): string =>
  [opinion ? `Score: ${opinion.score.toFixed(2)} of 1` : 'It was not scored.', opinion?.detail]
    .filter(Boolean)
    .join('\n')

const better = `That review of your answer may itself be wrong in places. Find out what is really wrong with the answer, or \
another way to solve the task, and write a better answer: the whole of it, as if it were the first, and without a word \
about the review.`
