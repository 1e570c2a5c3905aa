import { dualAgreement } from '../../strategies/parts/dual-agreement.ts'
import { type Recording, recordings } from './recorded.ts'

type Solved = Recording & {
  /** Whether each sample passes HumanEval's own tests. */
  readonly passed: readonly boolean[]
  /** How often each generated test was written. */
  readonly gen_test_freq: readonly number[]
  /** The group of each sample; the members of a group pass the same generated tests. */
  readonly exec_group: readonly number[]
  /** Of each group the tests it passes, the first test as the highest bit, in hexadecimal. */
  readonly group_vectors: readonly string[]
}

/** CodeT's choice among 100 programs of CodeGen-16B for each problem of HumanEval: the share right of one, and of the best group. */
export async function codetOn(folder: string): Promise<{ one: number; chosen: number }> {
  const problems = await recordings<Solved>(folder, 'humaneval_codegen16b_164x100.jsonl.gz')
  let [one, chosen] = [0, 0]
  for (const { passed, gen_test_freq: written, exec_group: groups, group_vectors: vectors } of problems) {
    const tests = vectors.map((vector) => bits(vector, written.length))
    const checked = passed.map((right, sample) => ({ solution: right, passed: tests[groups[sample]!]! }))
    one += share(passed)
    const agreements = dualAgreement(checked, written)
    const best = agreements.filter(({ score }) => score === agreements[0]!.score).flatMap(({ solutions }) => solutions)
    // Where no program passes any test, one of them is as good as another.
    chosen += share(best.length > 0 ? best : passed)
  }
  return { one: (100 * one) / problems.length, chosen: (100 * chosen) / problems.length }
}

const bits = (hex: string, length: number): boolean[] =>
  [
    ...BigInt(`0x${hex || '0'}`)
      .toString(2)
      .padStart(length, '0'),
  ].map((bit) => bit === '1')

const share = (right: readonly boolean[]) => right.filter(Boolean).length / Math.max(1, right.length)
