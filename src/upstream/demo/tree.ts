/** One of the four operations of arithmetic. */
export type Operator = '+' | '-' | '*' | '/'

/** Arithmetic as read from a question. `note` is the wording that an operation was read from. */
export type Tree = number | { operator: Operator; left: Tree; right: Tree; note?: string }

/** What a step works on: a number of the question, or the result of the earlier step at that index. */
export type Operand = number | { step: number }

/** One operation of a plan. */
export type Step = { operator: Operator; left: Operand; right: Operand; note: string }

/** One operation on two numbers, to 15 significant digits: binary fractions add more, and 0.1 + 0.2 is 0.3. */
export const apply = (operator: Operator, left: number, right: number): number =>
  Number(
    (operator === '+'
      ? left + right
      : operator === '-'
        ? left - right
        : operator === '*'
          ? left * right
          : left / right
    ).toPrecision(15),
  )

/** The value of a tree; not finite where it divides by zero. */
export const evaluate = (tree: Tree): number =>
  typeof tree === 'number' ? tree : apply(tree.operator, evaluate(tree.left), evaluate(tree.right))

/** The operations of a tree in the order in which to do them, long multiplication as partial products and their sums. */
export const plan = (tree: Tree): Step[] => {
  const steps: Step[] = []
  const add = (operator: Operator, left: Operand, right: Operand, note = '') => ({
    step: steps.push({ operator, left, right, note }) - 1,
  })
  const visit = (node: Tree): Operand => {
    if (typeof node === 'number') return node
    const { operator, note } = node
    const left = visit(node.left)
    const right = visit(node.right)
    const long = operator === '*' && /^[1-9]\d+$/.test(String(right)) && !(Number(left) < 10)
    if (!long) return add(operator, left, right, note)
    return [...String(right)]
      .map((digit, place, { length }) => Number(digit) * 10 ** (length - 1 - place))
      .filter((part) => part > 0)
      .map((part, index) => add('*', left, part, index ? '' : note))
      .reduce((sum, part) => add('+', sum, part))
  }
  visit(tree)
  return steps
}
