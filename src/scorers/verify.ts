import * as z from 'zod'
import { BadRecipe, type Completion, type Opinion, type Prompt, type ScoreContext, scorer } from '#core'
import { equations } from './checks/arithmetic.ts'
import type { Check } from './checks/check.ts'
import { asAsked } from './checks/json.ts'
import { NothingToVerify } from './checks/nothing.ts'
import { matching } from './checks/pattern.ts'
import { askVerifier, malformed } from './checks/webhook.ts'

export const verify = scorer(
  'verify',
  {
    does:
      'Checks by program: the JSON that was asked for, a pattern, the candidate’s own equations, and a verifier of your ' +
      'own at MULL_VERIFY_URL; it asks no model.',
    source: 'Cobbe et al., 2021; Chen et al., 2022',
    calls: '0',
    gate: true,
  },
  {
    pattern: z.string().min(1).max(200).optional().describe('A regular expression that the visible answer must match.'),
    arithmetic: z
      .boolean()
      .default(true)
      .describe('Whether equations such as 12 x 7 = 84 in the answer and its thinking are checked.'),
    webhook: z.boolean().default(true).describe('Whether the verifier at MULL_VERIFY_URL is asked where there is one.'),
  },
  ({ pattern, arithmetic, webhook }) => {
    const checks: readonly Check[] = [
      asAsked,
      ...(pattern === undefined ? [] : [matching(pattern)]),
      ...(arithmetic ? [equations] : []),
    ]
    return {
      /** What fails one check is asked no further. */
      async score(question, candidate, context) {
        const found = checks.flatMap((check) => check(candidate, question) ?? [])
        const wrong = found.find(({ pass }) => !pass)
        if (wrong) return { score: 0, ...wrong }
        const verdict = webhook && configured(context) ? await asked(question, candidate, context) : undefined
        if (verdict) return verdict
        if (found.length === 0) throw new NothingToVerify()
        return { score: 1, pass: true, detail: found.map(({ detail }) => detail).join(' ') }
      },

      async check(question, candidate, tests, context) {
        const { passed, detail } = await askVerifier(question, candidate, context, tests)
        if (passed?.length === tests.length) return passed
        throw malformed(
          passed ? `passed has ${passed.length} entries for ${tests.length} tests` : (detail ?? 'it has no passed'),
        )
      },
    }
  },
)

async function asked(question: Prompt, candidate: Completion, context: ScoreContext): Promise<Opinion | undefined> {
  const { pass, score, detail, passed } = await askVerifier(question, candidate, context)
  const share = passed?.length ? passed.filter(Boolean).length / passed.length : undefined
  const found = score ?? (pass === null || pass === undefined ? share : Number(pass))
  if (found === undefined) return undefined
  const passes = pass ?? (share === undefined ? found > 0 : share === 1)
  const proven = passes && found === 1 ? { proven: true } : {}
  return { score: found, pass: passes, ...proven, ...(detail ? { detail } : {}) }
}

function configured({ service }: ScoreContext): boolean {
  try {
    service('verify')
    return true
  } catch (error) {
    if (error instanceof BadRecipe) return false
    throw error
  }
}
