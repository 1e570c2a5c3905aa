import { evaluate, type Operator, type Tree } from './tree.ts'

/** Reads an arithmetic expression: + - * / parentheses, a percent sign after a number. Null if it is not one. */
export const expression = (text: string): Tree | null => {
  const tokens = text.match(/\d+(?:\.\d+)?|\.\d+|\S/g) ?? []
  const takes = (operators: string) => (operators.includes(tokens[0] ?? ' ') ? tokens.shift() : undefined)
  const chain = (operators: string, operand: () => Tree) => {
    let left = operand()
    for (let operator = takes(operators); operator; operator = takes(operators))
      left = { operator: operator as Operator, left, right: operand() }
    return left
  }
  const sum = (): Tree => chain('+-', () => chain('*/', factor))
  const factor = (): Tree => {
    if (takes('-')) {
      const value = factor()
      return typeof value === 'number' ? -value : { operator: '-', left: 0, right: value }
    }
    const value = takes('(') ? inside() : Number(tokens.shift())
    return takes('%') ? { operator: '/', left: value, right: 100 } : value
  }
  const inside = () => {
    const value = sum()
    takes(')')
    return value
  }
  const tree = sum()
  return tokens.length > 0 || typeof tree === 'number' || Number.isNaN(evaluate(tree)) ? null : tree
}
