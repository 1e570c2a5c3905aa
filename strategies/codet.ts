import * as z from 'zod'
import {
  BadRecipe,
  type Completion,
  chosen,
  inWords,
  type Prompt,
  rankBy,
  say,
  scoredBy,
  strategy,
  voting,
} from '#core'
import { assertsIn, entryPoint, examplesIn } from './parts/asserts.ts'
import { callTools, voteOver } from './parts/candidates.ts'
import { dualAgreement } from './parts/dual-agreement.ts'
import { wordsOf } from './parts/question.ts'
import { readings } from './parts/readings.ts'

export const codet = strategy(
  'codet',
  {
    does:
      'Writes programs and tests for them separately, runs all of one on all of the other, and answers with a program of ' +
      'the group that agrees best: many programs that pass the same tests, and many tests that they pass.',
    source: 'Chen et al., 2022',
    calls: 'n + tests',
    depth: '1',
  },
  {
    n: z.int().min(1).max(256).default(16),
    tests: z.int().min(1).max(256).default(8),
    entry: z.string().regex(/^\w+$/).optional(),
    member: z.enum(['median', 'shortest']).default('median'),
    scorer: scoredBy('verify'),
    ...voting(),
  },
  async (run, { n, tests, entry, member }) => {
    if (!run.has('verify')) throw new BadRecipe('codet runs programs, and there is no verifier: set MULL_VERIFY_URL.')
    const [solutions, written] = await Promise.all([run.samples(n).all(), readings(run, testing(run.prompt), tests)])
    const tally = voteOver(run, solutions)
    const name = entry ?? entryPoint(wordsOf(run.prompt), solutions.map(codeOf))
    if (callTools(solutions) || name === undefined) return tally.winner

    const examples = examplesIn(wordsOf(run.prompt), name)
    const times = new Map<string, number>()
    for (const { text } of written)
      for (const test of assertsIn(text, name).slice(0, 5)) times.set(test, (times.get(test) ?? 0) + 1)
    const all = [...examples, ...times.keys()]
    if (all.length === 0) {
      run.note(`There are no tests of ${name} to run, so the vote decides.`)
      return tally.winner
    }

    const verdicts = new Map<string, ReturnType<typeof run.check>>()
    const checked = (await run.each(solutions, checkedBy)).filter((found) => found !== undefined)
    // Who fails an example of the question itself is out, unless everyone does.
    const sound = checked.filter(({ shown }) => shown.every(Boolean))
    const fit = sound.length > 0 ? sound : checked
    const agreements = dualAgreement(fit, [...times.values()])
    run.note(
      `Of ${solutions.length} programs ${fit.length} are left; ${agreements.length} groups pass some of ${all.length} tests.`,
    )
    if (agreements.length > 0) return chosen(agreements.map((group) => memberOf(group.solutions, member)))
    return sound.length > 0 && examples.length > 0
      ? voteOver(
          run,
          sound.map(({ solution }) => solution),
        ).winner
      : tally.winner

    /** A program that was written more than once is run once. */
    async function checkedBy(solution: Completion) {
      const code = codeOf(solution)
      const verdict = verdicts.get(code) ?? run.check(solution, all)
      verdicts.set(code, verdict)
      const passed = await verdict
      return passed && { solution, shown: passed.slice(0, examples.length), passed: passed.slice(examples.length) }
    }
  },
)

/** The shortest of those that pass the same tests often takes a short cut that the tests do not see. */
function memberOf(solutions: readonly Completion[], which: 'median' | 'shortest'): Completion {
  const byLength = solutions.toSorted((a, b) => codeOf(a).length - codeOf(b).length)
  return byLength[which === 'shortest' ? 0 : Math.floor(byLength.length / 2)]!
}

/** The longest fenced block, or all of it. */
function codeOf({ text }: Completion): string {
  const blocks = [...text.matchAll(/```[^\n`]*\n([\s\S]*?)```/g)].map(([, code]) => code!.trim())
  return rankBy(blocks, (code) => code.length)[0] ?? text.trim()
}

const testing = (prompt: Prompt): Prompt => ({ ...say(inWords(prompt), 'user', write), maxTokens: 4096 })

const write = `Do not solve the task above. Write tests for a function that does: at least five assertions, each on one line, in the
language of the task (in Python, \`assert name(input) == value\`). Call the function by the name that the task gives it, and
give each expected value as a literal that you worked out from what the task says, ordinary cases first, then the edges.
Write the assertions alone, in one code block.`
