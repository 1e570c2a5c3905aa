import * as z from 'zod'
import { framed, type Prompt, type Run, say, scoredBy, shuffled, strategy, voting } from '#core'
import { aside, asking } from './parts/asking.ts'
import { listed } from './parts/listed.ts'
import { rated } from './parts/rated.ts'

type Observations = readonly string[]

export const planSearch = strategy(
  'plan-search',
  {
    does: 'Searches over ideas: each candidate answers from a solution in words, made of another few observations on the problem.',
    source: 'Wang et al., 2024',
    aliases: ['plansearch'],
    calls: '1 + subsets + n * (2 + score)',
    depth: '4 + score',
  },
  {
    n: z.int().min(1).max(64).default(8),
    observations: z.int().min(1).max(16).default(6),
    subsets: z.int().min(1).max(16).default(4),
    select: z.enum(['weighted', 'absolute', 'majority']).default('weighted'),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { n, observations, subsets, select }) => {
    const seen = await observe(run, [], observations)
    const first = shuffled(upToTwo(seen), run.random).slice(0, subsets)
    const derived = await run.each(first, (known) => observe(run, known, observations))
    const branches = first.map((known, i) =>
      shuffled(upToTwo(derived[i]!), run.random).map((more) => [...known, ...more]),
    )
    // A candidate is worth two calls.
    const wanted = Math.max(1, Math.min(n, Math.floor(run.left.calls / 2)))
    const ideas = Array.from({ length: wanted }, (_, i) => taken(branches, i))
    run.note(`${seen.length} observations, and ${wanted} solutions from ${first.length} groups of them.`)
    const candidates = await run
      .samples(wanted, { through: (i) => asking((prompt) => solve(prompt, ideas[i]!), answerBy) })
      .all()
    return rated(run, candidates, select)
  },
)

/** Observations that follow from those known; none where they could not be had. */
async function observe(run: Run, known: Observations, most: number): Promise<Observations> {
  const reply = await run.optional(run.sample(aside(run.prompt, `${soFar(known)}${notice(most)}`)))
  return listed(reply?.text ?? '', most)
}

/** Every subset of at most two, the empty one first. */
const upToTwo = (all: Observations): Observations[] => [
  [],
  ...all.map((one) => [one]),
  ...all.flatMap((one, i) => all.slice(i + 1).map((other) => [one, other])),
]

/** The branches take turns, each with one idea after another. */
function taken(branches: readonly (readonly Observations[])[], turn: number): Observations {
  const branch = branches[turn % branches.length]!
  return branch[Math.floor(turn / branches.length) % branch.length]!
}

const solve = (prompt: Prompt, idea: Observations) => aside(prompt, `${soFar(idea)}${sketch}`)
const answerBy = (prompt: Prompt, solution: string) => say(prompt, 'user', finish(solution))

const soFar = (known: Observations) =>
  known.length > 0 ? `${framed('observations', known.map((one) => `- ${one}`).join('\n'))}\n\n` : ''

const notice = (
  most: number,
) => `Do not answer the request above yet. Write up to ${most} short observations that could \
help to answer it, a line each, beginning with "- ": properties of the problem, special cases, approaches that may work. Let \
each be of another kind than the rest. Where observations are given above, write new ones that follow from putting those \
together.`

const sketch = `Do not answer the request above yet. Describe in words, step by step, a correct and complete way to answer \
it, so that somebody else could carry it out; for a program, its algorithm, its data and its special cases, without any code. \
Where observations are given, build on them, unless they are wrong.`

const finish = (solution: string) => `${framed('solution', solution)}

Between the tags is a way to answer the request above. Carry it out, mend it where it is wrong, and answer the request \
completely; if code is asked for, give all of it.`
