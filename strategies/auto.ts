import * as z from 'zod'
import { type Completion, type Strategy, scoredBy, strategy, voting } from '#core'
import { bestOfN } from './best-of-n.ts'
import { continuing } from './parts/continuing.ts'
import { effortOf, withKnownEffort } from './parts/effort.ts'
import { commonShape } from './parts/shape.ts'

export const auto = strategy(
  'auto',
  {
    does:
      'Spends what the question needs: as much as reasoning_effort says, and without it a first wave, which is enough if ' +
      'it agrees, is widened into a vote if it does not, and is chosen from if it is free text or code.',
    source: 'Aggarwal et al., 2023, for the vote',
    calls: 'max(max, wave + wave * score)',
    depth: 'max(ceil(max / wave), 1 + score)',
  },
  {
    max: z.int().min(1).max(256).default(40),
    wave: z.int().min(2).max(64).default(4),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { max, wave, scorer }) => {
    const effort = effortOf(run.prompt)
    if (effort !== undefined && single.includes(effort)) {
      run.note(`reasoning_effort is ${effort}: one sample, with that effort.`)
      return run.answer()
    }
    const cap = effort === 'high' ? Math.min(max, 16) : max
    const prompt = withKnownEffort(run.prompt)
    const tally = run.tally()
    const drawn: Completion[] = []
    const draw = async (n: number) => {
      for await (const path of run.samples(n, { prompt, ahead: wave })) {
        drawn.push(path)
        tally.add(path)
        if (tally.lead >= confidence) break
      }
    }

    const first = Math.min(wave, cap)
    await draw(first)
    if (tally.lead >= confidence) {
      run.note(`${drawn.length} samples are enough, as far as they agree.`)
      return tally.winner
    }
    const shape = drawn.length > 1 ? commonShape(drawn, prompt) : 'answer'
    if (shape === 'code' && run.has('verify')) {
      run.note('The answers are programs, so tests decide.')
      return choose(bestOfN({ n: Math.min(cap, Math.max(tested, drawn.length)), scorer: 'verify' }))
    }
    if (shape !== 'answer') {
      run.note(
        `The answers are ${shape === 'code' ? 'programs' : 'free text'}, which cannot be voted on: the best is picked.`,
      )
      return choose(bestOfN({ n: drawn.length, scorer }))
    }
    if (first < cap) run.note(`The first ${drawn.length} samples are not enough, so up to ${cap} are drawn.`)
    await draw(cap - first)
    return tally.winner

    async function choose(way: Strategy): Promise<Completion> {
      const inOrder = drawn.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
      const chosen = run.through(continuing(way, prompt, inOrder), prompt)
      return (await run.optional(chosen)) ?? tally.winner
    }
  },
)

/** Efforts that a client asks for to get one quick answer. Effort is raised before votes are bought. */
const single = ['none', 'minimal', 'low', 'medium']

/** How likely the leader must be to stay ahead; four that agree are. */
const confidence = 0.95

/** How many programs are tested at least. */
const tested = 8
