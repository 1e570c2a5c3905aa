import { BadRequest, type Limits } from '#core'

/**
 * What a request may spend: of the operator's ceiling and the client's own budget the smaller one each. A recipe whose
 * numbers may take more calls than the ceiling is refused before anything is asked, unless its client says how many it is
 * content with.
 */
export function limitsOf(calls: number | undefined, recipe: string, ceiling: Limits, budget: Limits): Limits {
  const { calls: most = Infinity } = ceiling
  if (calls !== undefined && calls > most && budget.calls === undefined)
    throw new BadRequest(
      `${recipe} may ask for up to ${calls} completions, and one request may ask for ${most} here (MULL_MAX_CALLS). ` +
        'Ask for less of it, or say in mull.budget.calls how many may be spent on the best answer they find.',
      { code: 'too_many_calls', param: 'model' },
    )
  const limits: Record<string, number> = { ...ceiling }
  for (const [limit, value] of Object.entries(budget)) limits[limit] = Math.min(value, limits[limit] ?? Infinity)
  return limits
}
