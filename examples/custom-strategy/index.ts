import { type Completion, framed, type Prompt, say, scorer, strategy, voting } from 'mull/core'
import * as z from 'zod'

/** `model+second-opinion@2`, or `model+so` */
export const secondOpinion = strategy(
  'second-opinion',
  {
    does: 'Answers n times, and where the answers differ asks once more with all of them at hand.',
    aliases: ['so'],
    calls: 'n + 1',
    depth: '2',
  },
  { n: z.int().min(2).max(16).default(2), ...voting() },
  async (run, { n }) => {
    const tally = run.tally()
    for await (const draft of run.samples(n)) tally.add(draft)
    const drafts = tally.ranked
    if (drafts.length < 2) return tally.winner
    run.note(`There are ${drafts.length} different answers, so the question is asked again with all of them at hand.`)
    return run.answer(settle(run.prompt, drafts))
  },
)

/** `model+best-of-n@4(scorer=brevity(words=50))` */
export const brevity = scorer(
  'brevity',
  { does: 'Likes answers of at most so many words; twice as many score 0.5. It asks no model.', calls: '0' },
  { words: z.int().min(1).default(100) },
  ({ words }) => ({
    async score(_question, { text }) {
      const said = text.trim().split(/\s+/).length
      return { score: Math.min(1, words / said), detail: `${said} words` }
    },
  }),
)

const settle = (prompt: Prompt, drafts: readonly Completion[]): Prompt =>
  say(
    prompt,
    'user',
    `${drafts.map(({ text }) => framed('draft', text)).join('\n\n')}\n\n${drafts.length} drafts that answer differently ` +
      'stand between the tags. Find out which is right, and give your own answer without a word about the drafts.',
  )
