import { type Completion, isQuorum } from '#core'
import type { Telling } from './door.ts'
import type { Recall } from './recall.ts'
import type { Speech } from './speech.ts'

/** OpenAI's `usage`: what was really spent, over all samples, judges and retries. A detail nobody counted is left out. */
export function usageOf({ ledger }: Speech) {
  const { input, output, reasoning, cached } = ledger.usage
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  }
}

/** The extension object `mull` of a recipe's response: how the answer came about and what it took. */
export function reported({ speech, recipe, id, recall }: Telling<unknown>, completion: Completion) {
  if (recipe === undefined) return {}
  const { ledger, trace, votes: held } = speech
  const { votes, abstained, agreement } = held ?? {}
  const { cost, estimated } = ledger.usage
  const weighted = votes?.some(({ count, weight }) => count !== weight)
  const report = {
    recipe,
    calls: ledger.calls,
    requests: ledger.requests,
    samples: { asked: trace.samples.asked, ...trace.count('sample') },
    ...(ledger.hedged > 0 ? { hedged: ledger.hedged } : {}),
    ...(trace.banked > 0 ? { banked: trace.banked } : {}),
    ...(votes
      ? {
          votes: votes.map(({ answer, count, weight }) => ({ answer, count, ...(weighted ? { score: weight } : {}) })),
          abstained,
          agreement,
        }
      : {}),
    ...(cost === undefined ? {} : { cost: rounded(cost) }),
    ...givenAgain(recall),
    ...(estimated ? { usage_estimated: true } : {}),
    ...(ledger.fellBack.size > 0 ? { fallbacks: Object.fromEntries(ledger.fellBack) } : {}),
    ...endOf(speech, completion),
    trace_id: id,
  }
  return { mull: report }
}

/** Of an answer that is given again, which costs nothing: how old it is in seconds, and what it took. */
function givenAgain({ took }: Recall) {
  if (!took) return {}
  const { at, calls, usage } = took()
  return {
    cost: 0,
    cache: { age: ageOf(at), took: { calls, prompt_tokens: usage.input, completion_tokens: usage.output } },
  }
}

const ageOf = (at: number) => Math.max(0, Math.floor((Date.now() - at) / 1000))

/** What ended it before it was done, and whether a deadline's quorum was met. */
function endOf({ ledger: { exhausted }, trace, deadline }: Speech, { finish }: Completion) {
  if (exhausted !== 'deadline') {
    const ended = finish === 'budget' || exhausted
    return ended ? { ended_by: 'budget', budget_exhausted: exhausted } : {}
  }
  const quorum = deadline?.quorum
  return { ended_by: 'deadline', ...(quorum === undefined ? {} : { quorum_met: isQuorum(trace.samples, quorum) }) }
}

/** What the reply's model is called: where another answered in the place of the one that was asked, by its name. */
export function answeredBy({ speech, base, recipe = base, model }: Telling<unknown>): string {
  const other = speech.ledger.fellBack.get(base)
  return other === undefined ? model : other + recipe.slice(base.length)
}

/** Many small prices leave digits behind that none of them has. */
const rounded = (cost: number) => Number(cost.toPrecision(12))

/** Header values are ASCII; a model's name need not be. `speech` where all is said already. */
export function reportHeaders(
  { base, recipe, recall, headers }: Telling<unknown>,
  speech?: Speech,
): Record<string, string> {
  const other = speech?.ledger.fellBack.get(base)
  const fellBack = other === undefined ? {} : { 'x-mull-model': inAscii(other) }
  const always = { ...headers, ...fellBack, ...cacheHeaders(recall) }
  if (recipe === undefined) return always
  const agreement = speech?.votes?.agreement
  const cost = speech?.ledger.usage.cost
  return {
    'x-mull-recipe': inAscii(recipe),
    ...always,
    ...(speech ? { 'x-mull-calls': String(speech.ledger.calls) } : {}),
    ...(speech?.ledger.exhausted === 'deadline'
      ? { 'x-mull-ended-by': 'deadline', 'x-mull-samples': kOfN(speech) }
      : {}),
    ...(agreement === undefined ? {} : { 'x-mull-agreement': agreement.toFixed(4) }),
    ...(cost === undefined ? {} : { 'x-mull-cost': String(rounded(cost)) }),
  }
}

const inAscii = (name: string) => encodeURI(name.toWellFormed()).replaceAll('%20', ' ')

const cacheHeaders = ({ status, took }: Recall): Record<string, string> => ({
  ...(status ? { 'x-mull-cache': status } : {}),
  ...(status === 'hit' && took ? { age: String(ageOf(took().at)) } : {}),
})

const kOfN = ({ trace: { samples } }: Speech) => `${samples.done}/${samples.asked}`
