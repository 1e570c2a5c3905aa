import type { Dice } from './dice.ts'
import { apply, type Operator, type Step } from './tree.ts'

/** One operation as it was done, right or wrong. */
export type Done = { operator: Operator; left: number; right: number; value: number; note: string }

const verbs: Record<Operator, string> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' }
const signs: Record<Operator, string> = { '+': '+', '-': '-', '*': '×', '/': '÷' }
const confused = { '+': '-', '-': '+', '*': '+', '/': '*' } as const

/** A number as the simulation writes it: plain digits, at most six decimals. */
export const written = (value: number): string => String(Number(value.toFixed(6)))

/** One operation as an equation: "17 × 4 = 68". */
export const equation = ({ left, operator, right, value }: Done): string =>
  `${written(left)} ${signs[operator]} ${written(right)} = ${written(value)}`

/** The same with the words that it was read from. */
export const explained = (done: Done): string =>
  `${done.note && `"${done.note}" means ${verbs[done.operator]}: `}${equation(done)}.`

/** The value that the work came to, as written. */
export const outcome = (done: readonly Done[]): string => written(done.at(-1)?.value ?? 0)

/** Does the steps of a plan, of which the first have the given results already, right or wrong. */
const run = (steps: readonly Step[], given: readonly number[]): Done[] => {
  const results: number[] = []
  return steps.map(({ operator, note, ...step }, index) => {
    const [left, right] = [step.left, step.right].map((operand) =>
      typeof operand === 'number' ? operand : results[operand.step]!,
    ) as [number, number]
    const value = given[index] ?? apply(operator, left, right)
    results.push(value)
    return { operator, left, right, value, note }
  })
}

/** Values that a slip could give: a digit miscounted by one, a neighbouring fact, a wrong sign. */
const slips = ({ operator, left, right, value }: Done): number[] => {
  const units = [10, ...[...written(Math.abs(Math.trunc(value)))].map((_, place) => 10 ** place)]
  const values = [...units.flatMap((unit) => [value + unit, value - unit]), apply(confused[operator], left, right)]
  if (operator === '*') values.push(value + left, value - left)
  return values.filter((other) => written(other) !== written(value))
}

/**
 * Does the steps of a plan from where the given results leave off.
 *
 * @param wrong whether one slip, somewhere in what is done here, makes the outcome wrong
 */
export const work = (steps: readonly Step[], given: readonly number[], wrong: boolean, dice: Dice): Done[] => {
  const clean = run(steps, given)
  for (let tries = 0; wrong && tries < 40 && given.length < clean.length; tries += 1) {
    const at = given.length + Math.floor(dice.next() * (clean.length - given.length))
    const before = clean.slice(0, at).map(({ value }) => value)
    const slipped = run(steps, [...before, dice.pick(slips(clean[at]!))])
    // Later steps can undo a slip (times zero), or fail on it (divided by zero).
    if (outcome(slipped) !== outcome(clean) && Number.isFinite(slipped.at(-1)?.value)) return slipped
  }
  return clean
}
