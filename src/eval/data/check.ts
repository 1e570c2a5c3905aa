import { extractAnswer, isObject } from '#answers'
import { pattern } from '../../scorers/checks/pattern.ts'
import { type Choices, rightChoice } from './choices.ts'
import type { Check } from './item.ts'
import { lastWords } from './question.ts'
import { firstOf, type Row } from './row.ts'

const answers = [
  'answer',
  'answerKey',
  'answer_index',
  'ideal',
  'target',
  'final_answer',
  'expected',
  'label',
  'output',
]

/** What the answers to a row are checked by. Throws what is missing or wrong. */
export function checkOf(row: Row, choices: Choices | undefined): Check {
  if (typeof row['pattern'] === 'string') {
    pattern(row['pattern'])
    return { kind: 'pattern', pattern: row['pattern'] }
  }
  const given = firstOf(row, answers)
  if (isObject(row['schema']))
    return { kind: 'schema', schema: row['schema'], ...(given === undefined ? {} : { value: asJson(given) }) }
  const tests = testsOf(row)
  if (tests) return { kind: 'verifier', tests }
  if (row['verify'] === true) return { kind: 'verifier' }
  if (choices) {
    if (given === undefined) throw new Error('it does not say which of the choices is right')
    const texts = Object.fromEntries(choices.map(({ letter, text }) => [letter, text]))
    return { kind: 'answer', answers: [given].flat().map((one) => rightChoice(choices, one)), choices: texts }
  }
  if (isObject(given)) return { kind: 'schema', schema: true, value: given }
  const said = [given ?? row['solution'] ?? lastWords(row)].flat().flatMap((one) => finalAnswer(one) ?? [])
  if (said.length === 0)
    throw new Error(
      `it has nothing to check an answer by: ${[...answers, 'solution', ...others].join(', ')} are looked for`,
    )
  return { kind: 'answer', answers: said }
}

const others = ['pattern', 'schema', 'tests', 'verify']

/** A worked solution ends with its answer: behind #### in GSM8K, in a box in MATH. */
function finalAnswer(given: unknown): string | undefined {
  if (typeof given === 'number' || typeof given === 'boolean') return String(given)
  if (typeof given !== 'string' || given.trim() === '') return undefined
  const worked = /####|\\boxed/.test(given)
  return (worked ? extractAnswer(given).answer : null) ?? given.trim()
}

/** A list of tests (MBPP's test_list), or HumanEval's test with the function that it checks. */
function testsOf(row: Row): readonly string[] | undefined {
  const list = row['tests'] ?? row['test_list']
  if (Array.isArray(list) && list.length > 0) return list.map(String)
  const { test, entry_point: entry } = row as { test?: unknown; entry_point?: unknown }
  return typeof test === 'string' && typeof entry === 'string' ? [`${test}\n\ncheck(${entry})`] : undefined
}

const asJson = (given: unknown): unknown => {
  if (typeof given !== 'string') return given
  try {
    return JSON.parse(given)
  } catch {
    return given
  }
}
