import type { Dice } from './dice.ts'
import { apply, type Operator, type Step } from './tree.ts'

/** One operation as it was done, right or wrong. */
export type Done = { operator: Operator; left: number; right: number; value: number; note: string }

const confused = { '+': '-', '-': '+', '*': '+', '/': '*' } as const

/** A number as the simulation writes it: plain digits, at most six decimals. */
export const written = (value: number): string => String(Number(value.toFixed(6)))

/** What is carried into the column of `unit` (10, 100, …), as an amount; negative for a borrow. */
export const carried = ({ operator, left, right }: Done, unit: number): number => {
  if (operator === '+') return (left % unit) + (right % unit) < unit ? 0 : unit
  if (operator === '-') return left % unit < right % unit ? -unit : 0
  // A factor such as 20 is worked as 2, with the zero written first.
  const digit = Number(String(right)[0])
  return operator === '*' ? (Math.floor(((left % unit) * digit) / unit) * unit * right) / (digit || 1) : 0
}

/** Values that a slip could give: a carry dropped, a digit or a ten miscounted, a neighbouring fact, a wrong sign. */
export const slips = (done: Done): number[] => {
  const { operator, left, right, value } = done
  const units = [...written(Math.abs(Math.trunc(value)))].map((_, place) => 10 ** place)
  const values = units.flatMap((unit) => [value + unit, value - unit, value - carried(done, unit * 10)])
  values.push(value + 10, value - (value < 10 ? 2 : 10), apply(confused[operator], left, right))
  if (operator === '*') values.push(value + left, value - left)
  return values.filter((other) => written(other) !== written(value))
}

const run = (steps: readonly Step[], at = -1, instead = 0): Done[] => {
  const results: number[] = []
  return steps.map(({ operator, note, ...step }, index) => {
    const [left, right] = [step.left, step.right].map((operand) =>
      typeof operand === 'number' ? operand : results[operand.step]!,
    ) as [number, number]
    const value = index === at ? instead : apply(operator, left, right)
    results.push(value)
    return { operator, left, right, value, note }
  })
}

/** The value that the work came to, as written. */
export const outcome = (done: readonly Done[]): string => written(done.at(-1)?.value ?? 0)

/**
 * Does the steps of a plan.
 *
 * @param wrong whether one slip, somewhere in the work, makes the outcome wrong
 */
export const work = (steps: readonly Step[], wrong: boolean, dice: Dice): Done[] => {
  const clean = run(steps)
  for (let tries = 0; wrong && tries < 40; tries += 1) {
    const done = dice.pick(clean)
    const slipped = run(steps, clean.indexOf(done), dice.pick(slips(done)))
    // Later steps can undo a slip (times zero), or fail on it (divided by zero).
    if (outcome(slipped) !== outcome(clean) && Number.isFinite(slipped.at(-1)?.value)) return slipped
  }
  return clean
}
