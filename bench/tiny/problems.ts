import { readFile } from 'node:fs/promises'
import { equivalent, extractAnswer } from '#answers'

/** A held-out problem: one with an answer, or a countdown, which any expression over the numbers answers that reaches the target. */
export type Problem = { readonly id: number; readonly kind: string; readonly question: string } & (
  | { readonly answer: string }
  | { readonly numbers: readonly number[]; readonly target: number }
)

export async function heldOut(): Promise<readonly Problem[]> {
  const lines = await readFile(new URL('../../tiny-r1/heldout.jsonl', import.meta.url), 'utf8')
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Whether a visible answer solves the problem. */
export function solves(problem: Problem, text: string): boolean {
  if ('answer' in problem) {
    const { answer } = extractAnswer(text)
    return answer !== null && equivalent(answer, problem.answer)
  }
  return text.split('\n').some((line) => reaches(line, problem.numbers, problem.target))
}

/** Whether a line has an expression that uses each of the numbers once and comes to the target. */
export function reaches(line: string, numbers: readonly number[], target: number): boolean {
  const plain = line
    .replaceAll(/[×·]|\\times/g, '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-')
  return (plain.match(/[\d+\-*/() ]+/g) ?? []).some((expression) => {
    const used = (expression.match(/\d+/g) ?? []).map(Number)
    const same = used.toSorted((a, b) => a - b).join() === numbers.toSorted((a, b) => a - b).join()
    return same && equivalent(expression.trim(), String(target))
  })
}
