import { expression } from './expression.ts'
import { story } from './story.ts'
import { evaluate, type Tree } from './tree.ts'
import { plain } from './words.ts'

const beyond =
  /\^|\d\*\*|√|sqrt|\b(?:squared?|cubed|roots?|factorial|primes?|solve|equations?|mod|remainder|log|sin|cos)\b/i
const instruction = /boxed|step|final answer|\b(?:respond|reply|format|tokens?|words|sentences?|json)\b/i

/** Reads the arithmetic that a question asks for: an expression or a word problem. Null if it asks for none. */
export const problem = (question: string): Tree | null => {
  if (beyond.test(question) || question.length > 2000) return null
  const parts = question.split(/(?<=[.?!;])\s+|\n+/)
  const asked = parts.filter((part) => !instruction.test(part)).join('\n')
  const text = plain(/\d/.test(asked) ? asked : question)
  const runs = text.match(/[-\d.(][-+*/().%\d\s]*[\d)%]/g) ?? []
  const run = runs.find(expression)
  const symbolic = run ? expression(run) : null
  const tree = run && !/\d/.test(text.replace(run, '')) ? symbolic : (story(text) ?? symbolic)
  // Beyond 15 digits numbers are no longer exact; a division by zero has no value at all.
  return tree !== null && typeof tree !== 'number' && Math.abs(evaluate(tree)) < 1e15 ? tree : null
}
