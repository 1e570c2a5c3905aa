import type { Completion, Finish } from '#core'

/** The n best distinct answers, best first; there may be fewer. */
export const answersOf = (completion: Completion, n: number): readonly Completion[] =>
  [completion, ...(completion.others ?? [])].slice(0, n)

/** OpenAI's reason; a best-so-far answer is a whole one, so it stopped. */
export const finishReason = (finish: Finish): string =>
  finish === 'filter' ? 'content_filter' : finish === 'budget' ? 'stop' : finish
