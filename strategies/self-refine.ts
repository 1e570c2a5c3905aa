import * as z from 'zod'
import { type Completion, chosen, framed, inWords, type Prompt, say, strategy, voting } from '#core'
import { shapeOf } from './parts/shape.ts'

export const selfRefine = strategy(
  'self-refine',
  {
    does:
      'Criticises its answer and rewrites it; where answers can be compared, the original and its rewrites vote, because ' +
      'a model that corrects itself unaided spoils more right answers than it mends.',
    source: 'Madaan et al., 2023',
    aliases: ['refine'],
    calls: '1 + 2 * rounds',
    depth: '1 + 2 * rounds',
  },
  { rounds: z.int().min(1).max(8).default(2), ...voting() },
  async (run, { rounds }) => {
    const tally = run.tally()
    let draft = await run.sample()
    tally.add(draft)
    let content = 0
    for (let round = 1; round <= rounds && content < 2 && isWords(draft); round++) {
      const critique = await run.optional(run.sample(criticise(run.prompt, draft)))
      if (!critique?.text.trim()) continue
      if (findsNothing(critique)) {
        run.note(`Critique ${round} found nothing to mend.`)
        content++
        continue
      }
      run.note(`Critique ${round} found something to mend.`)
      content = 0
      const rewritten = await run.optional(run.sample(rewrite(run.prompt, draft, critique)))
      if (!rewritten) continue
      const next = { ...rewritten, index: round }
      tally.add(next)
      const repeats = tally.groups.some(({ members }) => members.includes(draft) && members.includes(next))
      if (isWhole(next)) draft = next
      if (repeats) break
    }
    if (shapeOf(draft, run.prompt) !== 'answer') {
      run.note('Free text cannot be voted on, so the last version is the answer.')
      return chosen([draft, ...tally.ranked.filter((other) => other !== draft)])
    }
    // Of those who agree the last has been through the most criticism.
    const best = tally.groups[0]?.members.at(-1)
    return best ? chosen([best, ...tally.ranked.slice(1)]) : tally.winner
  },
)

const isWords = ({ text, toolCalls }: Completion) => text.trim() !== '' && !toolCalls
const isWhole = (completion: Completion) => isWords(completion) && completion.finish !== 'length'

/** A critique without a verdict has found something, or it would have been short. */
const findsNothing = ({ text }: Completion) => /good/i.test([...text.matchAll(verdict)].at(-1)?.[1] ?? '')
const verdict = /verdict\W+(good|revise)\b/gi

const criticise = (prompt: Prompt, draft: Completion): Prompt => ({
  ...say(say(inWords(prompt), 'assistant', draft.text), 'user', critic),
  maxTokens: 4096,
})

const rewrite = (prompt: Prompt, draft: Completion, critique: Completion): Prompt =>
  say(say(prompt, 'assistant', draft.text), 'user', `${framed('criticism', critique.text)}\n\n${again}`)

const critic = `Criticise your answer above. Work the task out anew, compare, and look for what is wrong, missing, unclear \
or not as the task asks; quote the place and say how to mend it. Do not rewrite the answer. End with one line of the form
Verdict: GOOD
if nothing needs to change, or else
Verdict: REVISE`
const again = `The text between the tags criticises your answer above. It may be mistaken: take up what is right in it, \
and leave what was good as it is. Answer the task again, completely, without a word about the criticism.`
