import type { Dice } from './dice.ts'
import { apply, type Operator } from './tree.ts'
import { carried, type Done, outcome, slips, written } from './work.ts'

const verbs: Record<Operator, string> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' }
const inverse: Record<Operator, Operator> = { '+': '-', '-': '+', '*': '/', '/': '*' }
const signs: Record<Operator, string> = { '+': '+', '-': '-', '*': '×', '/': '÷' }

/** One operation as an equation: "17 × 4 = 68". */
export const equation = ({ left, operator, right, value }: Done): string =>
  `${written(left)} ${signs[operator]} ${written(right)} = ${written(value)}`

/** The same with the reason for it and what is carried from the ones; a carry that was dropped is not mentioned. */
export const explained = (done: Done): string => {
  const carry = apply(done.operator, done.left, done.right) === done.value ? carried(done, 10) / 10 : 0
  const reason = done.note && `"${done.note}" means ${verbs[done.operator]}: `
  return `${reason}${equation(done)}${carry > 0 && Number.isInteger(carry) ? ` (carry ${carry})` : ''}.`
}

const check = ({ operator, left, right, value }: Done) => {
  const back = inverse[operator]
  return apply(back, value, right) === left
    ? `Let me check: ${equation({ operator: back, left: value, right, value: left, note: '' })}. Good.`
    : 'The size looks about right.'
}

/** Writes out the work as a chain of thought, at times with a slip that is noticed, or a check at the end. */
export const thought = (lines: readonly Done[], dice: Dice): string => {
  const noticed = dice.next() < 0.25 && dice.pick(lines)
  return [
    dice.pick(['Okay, let me work this out.', 'Alright, one step at a time.', 'Hmm, let me see.']),
    ...lines.map((line) =>
      line === noticed
        ? `${equation({ ...line, value: dice.pick(slips(line)) })}.\nWait, that is not right. ${explained(line)}`
        : explained(line),
    ),
    ...(dice.next() < 0.4 ? lines.slice(-1).map(check) : []),
    `So the answer is ${outcome(lines)}.`,
  ].join('\n')
}
