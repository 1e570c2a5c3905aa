import { asking, cue } from './cues.ts'
import { evaluate, type Operator, type Tree } from './tree.ts'

const join = (operator: Operator, left: Tree, right: Tree, note: string): Tree => ({ operator, left, right, note })

/**
 * Reads a word problem by its numbers in order and the cue words around each one.
 *
 * @returns what to compute, or null where the text is no such problem or a number has no cue
 */
export const story = (text: string): Tree | null => {
  const question = asking(text)
  if (!question) return null
  const { together, compared } = question
  let terms: { operator: Operator; tree: Tree; note: string }[] = []
  const sum = () =>
    terms.map(({ tree }) => tree).reduce((total, tree, at) => join(terms[at]!.operator, total, tree, terms[at]!.note))
  let rate = false
  let from = 0

  for (const { 0: digits, index } of text.matchAll(/\d+(?:\.\d+)?/g)) {
    const gap = text.slice(from, index)
    from = index + digits.length
    const { effect, before, after, perUnit } = cue(gap, text.slice(from), question, rate)
    const note = (before + digits + after).trim()
    const number = Number(digits)
    const term = terms.at(-1)
    rate = perUnit && effect !== '*'
    if (!term) terms.push({ operator: '+', tree: number, note })
    else if (effect === null) return null
    else if (effect === '*') term.tree = join('*', term.tree, number, note)
    else if (effect === '/') {
      const total = sum()
      const few = typeof total === 'number' && total < number
      terms = [{ operator: '+', tree: few ? join('/', number, total, note) : join('/', total, number, note), note }]
    } else if (effect.startsWith('than')) {
      const tree = join(effect.at(-1) as Operator, term.tree, number, note)
      if (!together && !compared) terms = []
      terms.push({ operator: compared ? '-' : '+', tree, note })
    } else terms.push({ operator: effect === 'again' ? term.operator : (effect as Operator), tree: number, note })
  }
  if (terms.length === 0) return null
  const tree = sum()
  const swap = compared && typeof tree !== 'number' && evaluate(tree) < 0
  return swap ? { ...tree, left: tree.right, right: tree.left } : tree
}
