import { canonicalJson, equivalent, parseJson } from '#answers'
import { type Completion, execute, type Opinion, type Prompt, type Service, type ServiceName } from '#core'
import { answerOf, breaks } from '#vote'
import { pattern } from '../scorers/checks/pattern.ts'
import { askVerifier, malformed } from '../scorers/checks/webhook.ts'
import type { Check, Item } from './data/item.ts'
import { digest } from './digest.ts'
import type { Journal } from './journal.ts'

/** What became of one answer. */
export type Grade = {
  readonly right: boolean
  /** In [0, 1]: the share of tests that passed, or 1 for right and 0 for wrong. */
  readonly score: number
  /** The short answer that it comes to, as it is shown; null where there is none. */
  readonly answer: string | null
  readonly detail?: string
}

export type GradeEntry = { readonly name: string; readonly grade: Grade }

/** Tells right answers from wrong ones, each once. What a verifier says is kept: asking it may take its time. */
export class Grader {
  readonly #services: (name: ServiceName) => Service
  readonly #journal: Journal<GradeEntry>
  readonly #grades: Map<string, Promise<Grade>>

  constructor(services: (name: ServiceName) => Service, journal: Journal<GradeEntry>) {
    this.#services = services
    this.#journal = journal
    this.#grades = new Map(journal.entries.map(({ name, grade }) => [name, Promise.resolve(grade)]))
  }

  /** Rejects where the verifier could not be asked. */
  of(item: Item, prompt: Prompt, completion: Completion): Promise<Grade> {
    const { text, finish, toolCalls } = completion
    const name = digest(item.key, canonicalJson({ text, finish, toolCalls }))
    const known = this.#grades.get(name) ?? this.#graded(name, item, prompt, completion)
    this.#grades.set(name, known)
    known.catch(() => this.#grades.delete(name))
    return known
  }

  async #graded(name: string, { check }: Item, prompt: Prompt, completion: Completion): Promise<Grade> {
    const answer = answerOf(completion, prompt)
    const shown = answer?.shown ?? null
    if (check.kind !== 'verifier') {
      const right = isRight(check, prompt, completion)
      return { right, score: Number(right), answer: shown }
    }
    const { score, detail } = await this.#verified(check.tests, prompt, completion)
    const grade = { right: score === 1, score, answer: shown, ...(detail ? { detail } : {}) }
    await this.#journal.append({ name, grade })
    return grade
  }

  async #verified(tests: readonly string[] | undefined, prompt: Prompt, completion: Completion): Promise<Opinion> {
    const asked: { reply?: Awaited<ReturnType<typeof askVerifier>> } = {}
    const context = { among: [completion], judge: unasked, service: this.#services }
    const { result, events } = execute(async (_prompt, scope) => {
      asked.reply = await askVerifier(prompt, completion, { ...context, scope }, tests)
      return completion
    }, prompt)
    for await (const _ of events);
    await result
    const { pass, score, passed, detail } = asked.reply!
    const told = detail ? { detail } : {}
    if (tests && passed?.length !== tests.length)
      throw malformed(`passed has no entry for each of the ${tests.length} tests`)
    if (tests) return { score: passed!.filter(Boolean).length / tests.length, ...told }
    if (typeof pass === 'boolean') return { score: pass ? 1 : Math.min(score ?? 0, 0.99), ...told }
    if (typeof score === 'number') return { score, ...told }
    throw malformed('it says neither pass nor score')
  }
}

const unasked = () => Promise.reject(new Error('A verifier asks no model.'))

function isRight(check: Exclude<Check, { kind: 'verifier' }>, prompt: Prompt, completion: Completion): boolean {
  const { text } = completion
  if (check.kind === 'pattern') return pattern(check.pattern)(text)
  if (check.kind === 'schema') {
    const value = parseJson(text)
    if (value === undefined || breaks(value, check.schema)) return false
    return check.value === undefined || canonicalJson(value) === canonicalJson(check.value)
  }
  const answer = answerOf(completion, prompt)
  const { choices } = check
  return answer !== null && check.answers.some((right) => equivalent(answer.key, right, choices ? { choices } : {}))
}
