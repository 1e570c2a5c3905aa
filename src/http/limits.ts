import { BadRequest, type Limits } from '#core'
import type { Caller, HttpOptions } from './engine.ts'

/** So many completions, and who says so, for errors. */
type Most = { readonly most: number; readonly who: string }

/** The most that a request may spend, and the most of its answers that a client may want to see. */
export type Ceiling = Most & { readonly limits: Limits; readonly answers: Most }

/** The operator's limits, and fewer completions for whose key has a smaller number of them. */
export function ceilingOf({ holder }: Caller, { limits, mostAnswers }: Ceilings): Ceiling {
  const { calls = Infinity } = limits
  const own = { most: holder?.n ?? Infinity, who: 'one request with this API key' }
  const all = { most: calls, who: 'one request here (MULL_MAX_CALLS)' }
  const shown = { most: mostAnswers, who: 'one request here (MULL_MAX_N)' }
  const spent = smaller(own, all)
  return { ...spent, limits: { ...limits, calls: spent.most }, answers: smaller(spent, shown) }
}

type Ceilings = Pick<HttpOptions, 'limits' | 'mostAnswers'>

const smaller = (one: Most, other: Most): Most => (one.most < other.most ? one : other)

/**
 * What a request may spend: of the operator's ceiling and the client's own budget the smaller one each. A recipe whose
 * numbers may take more calls than the ceiling is refused before anything is asked, unless its client says how many it is
 * content with.
 */
export function limitsOf(calls: number | undefined, recipe: string, ceiling: Ceiling, budget: Limits): Limits {
  const { most, who } = ceiling
  if (calls !== undefined && calls > most && budget.calls === undefined)
    throw new BadRequest(
      `${recipe} may ask for up to ${calls} completions, and ${who} may ask for ${most}. ` +
        'Ask for less of it, or say in mull.budget.calls how many may be spent on the best answer they find.',
      { code: 'too_many_calls', param: 'model' },
    )
  const limits: Record<string, number> = { ...ceiling.limits }
  for (const [limit, value] of Object.entries(budget)) limits[limit] = Math.min(value, limits[limit] ?? Infinity)
  return limits
}
