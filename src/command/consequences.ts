import { type Capability, inCapabilityWords } from '#core'
import type { Config } from '../config/index.ts'
import { pantryOf } from '../pantry.ts'
import { catalogueOf } from '../recipe/catalogue.ts'
import type { Called } from './called.ts'
import type { Finding } from './finding.ts'

type Able = Readonly<Record<string, boolean>>

/** What each strategy and each scorer that leans on something beyond plain chat will do here. */
export function consequences(config: Config, can: Able, names: Called): readonly Finding[] {
  const needing = catalogueOf(pantryOf(config))
    .filter(({ needs }) => needs.length > 0)
    .map(({ id, needs }) => refusedWithout(id, needs, can, names))
  return [
    ...needing,
    refusedWithout('self-consistency(weight=confidence)', ['logprobs'], can, names),
    ...bySteps.map((id) => worseWithout(id, can)),
    setUp(
      'verify',
      config.scorers.verify.url,
      'checks JSON, patterns and equations; for all else no verifier is set up',
      'set MULL_VERIFY_URL to where one is; examples/verifier.ts is one to begin with',
    ),
    setUp(
      'reward',
      config.scorers.reward.url,
      'is refused: no reward model is set up',
      'set MULL_REWARD_URL to where one is, and MULL_REWARD_KIND to how it is asked',
    ),
  ]
}

/** Those that extend an answer step by step: they go on with it where the upstream can. */
export const bySteps: readonly string[] = ['beam-search', 'dvts', 'particle-filter', 'rebase']

function refusedWithout(check: string, needs: readonly Capability[], can: Able, names: Called): Finding {
  const lacks = needs.filter((need) => !can[need])
  if (lacks.length === 0) return { check, state: 'ok', found: `works: the upstream ${inWords(needs)}` }
  return {
    check,
    state: 'no',
    found: `is refused: it needs an upstream that ${inWords(lacks)}`,
    todo: `use another server or model for it; if this one can after all, ${names.able(lacks)}`,
  }
}

const inWords = (needs: readonly Capability[]) => needs.map((need) => inCapabilityWords[need]).join(' and ')

function worseWithout(check: string, { prefill }: Able): Finding {
  if (prefill) return { check, state: 'ok', found: 'works: it goes on with unfinished answers' }
  return {
    check,
    state: 'no',
    found: 'works, but asks for its steps in words, which are not as good',
    todo: 'vLLM, SGLang and llama.cpp go on with unfinished answers; best-of-n asks for whole ones',
  }
}

function setUp(check: string, url: string | undefined, found: string, todo: string): Finding {
  if (url !== undefined) return { check, state: 'ok', found: `is asked at ${new URL(url).origin}` }
  return { check, state: 'no', found, todo }
}
