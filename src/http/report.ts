import type { Completion } from '#core'
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

/** The extension object `mull` of a response: how the answer came about and what it took. */
export function reportOf({ ledger, trace }: Speech, recipe: string, traceId: string, completion: Completion) {
  const { votes, abstained, agreement } = trace.votes ?? {}
  const { cost, estimated } = ledger.usage
  const weighted = votes?.some(({ count, weight }) => count !== weight)
  return {
    recipe,
    calls: ledger.calls,
    requests: ledger.requests,
    samples: trace.count('sample'),
    ...(votes
      ? {
          votes: votes.map(({ answer, count, weight }) => ({ answer, count, ...(weighted ? { score: weight } : {}) })),
          abstained,
          agreement,
        }
      : {}),
    ...(cost === undefined ? {} : { cost }),
    ...(estimated ? { usage_estimated: true } : {}),
    ...(completion.finish === 'budget' || ledger.exhausted ? { budget_exhausted: ledger.exhausted } : {}),
    trace_id: traceId,
  }
}

/** Header values are ASCII; a model's name need not be. */
export function reportHeaders(recipe: string, traceId: string, speech?: Speech): Record<string, string> {
  const agreement = speech?.trace.votes?.agreement
  const cost = speech?.ledger.usage.cost
  return {
    'x-request-id': traceId,
    'x-mull-recipe': encodeURI(recipe).replaceAll('%20', ' '),
    ...(speech ? { 'x-mull-calls': String(speech.ledger.calls) } : {}),
    ...(agreement === undefined ? {} : { 'x-mull-agreement': agreement.toFixed(4) }),
    ...(cost === undefined ? {} : { 'x-mull-cost': String(cost) }),
  }
}
