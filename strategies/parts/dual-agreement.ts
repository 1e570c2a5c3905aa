/** A solution and which of the tests it passes. */
export type Checked<T> = { readonly solution: T; readonly passed: readonly boolean[] }

/** Solutions that pass the very same tests. */
export type Agreement<T> = { readonly solutions: readonly T[]; readonly score: number }

/**
 * Groups solutions by the set of tests they pass, best group first (Chen et al., 2022): tests passed, each as often as it
 * was written, times the root of how many solutions pass them. The root keeps a crowd that passes little from outvoting a
 * few that pass much. Solutions that pass nothing agree on nothing and are in no group; equal scores keep their order.
 */
export function dualAgreement<T>(checked: readonly Checked<T>[], written: readonly number[]): Agreement<T>[] {
  const groups = Map.groupBy(checked, ({ passed }) => passed.map(Number).join(''))
  const agreements = [...groups.values()].map((group) => {
    const support = written.reduce((sum, times, test) => sum + (group[0]!.passed[test] ? times : 0), 0)
    return { solutions: group.map(({ solution }) => solution), score: support * Math.sqrt(group.length) }
  })
  return agreements.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)
}
