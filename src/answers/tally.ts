import { type Completion, chosen, type Prompt, type Tally, type Votes } from '#core'
import { type Answer, answerOf } from './answer.ts'

type Ballot = {
  readonly candidate: Completion
  readonly answer: Answer | null
  readonly score: number | undefined
  readonly order: number
}
type Group = { readonly answer: Answer; readonly ballots: readonly Ballot[]; readonly weight: number }

/** Groups completions whose answers are equivalent, and says of each who it voted for. */
export class AnswerTally implements Tally {
  readonly #question: Prompt
  readonly #note: (text: string, data?: unknown) => void
  readonly #ballots: Ballot[] = []
  #groups: readonly Group[] | undefined

  constructor(question: Prompt, note: (text: string, data?: unknown) => void = () => {}) {
    this.#question = question
    this.#note = note
  }

  add(candidate: Completion, score?: number): this {
    const order = candidate.index ?? this.#ballots.length
    const answer = answerOf(candidate, this.#question)
    this.#ballots.push({ candidate, answer, score, order })
    this.#groups = undefined
    const graded = score === undefined ? '' : `, scored ${score.toFixed(2)}`
    this.#note(`Sample ${order + 1}: ${answer ? answer.shown : silence(candidate)}${graded}.`)
    return this
  }

  get heard(): number {
    return this.#ballots.length
  }

  get winner(): Completion {
    return chosen(this.ranked)
  }

  /** When nobody gave an answer, the longest text is the best that can be shown. */
  get ranked(): readonly Completion[] {
    const voted = this.#ranking().map(({ ballots }) => best(ballots))
    if (voted.length > 0) return voted
    const ballots = [...this.#ballots].sort((a, b) => length(b.candidate) - length(a.candidate) || a.order - b.order)
    return ballots.slice(0, 1).map(({ candidate }) => candidate)
  }

  get margin(): number {
    const [first = 0, second = 0] = this.#counts()
    return first - second
  }

  get lead(): number {
    const [first = 0, second = 0] = this.#counts()
    return betaAboveHalf(first + 1, second + 1)
  }

  get result(): Votes {
    const groups = this.#ranking()
    const votes = groups.map(({ answer, ballots, weight }) => ({ answer: answer.shown, count: ballots.length, weight }))
    const counted = votes.reduce((sum, { count }) => sum + count, 0)
    return { votes, abstained: this.heard - counted, agreement: (votes[0]?.count ?? 0) / Math.max(1, this.heard) }
  }

  #counts(): readonly number[] {
    return this.#ranking()
      .map(({ ballots }) => ballots.length)
      .sort((a, b) => b - a)
  }

  /** A text that was cut off may lack its last words, so it votes only if nothing else can. */
  #ranking(): readonly Group[] {
    if (!this.#groups) {
      const whole = this.#ballots.filter(({ candidate }) => candidate.finish !== 'length')
      const groups = group(whole)
      this.#groups = groups.length > 0 ? groups : group(this.#ballots)
    }
    return this.#groups
  }
}

function group(ballots: readonly Ballot[]): readonly Group[] {
  const scores = ballots.flatMap(({ score }) => score ?? [])
  const missing = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 1
  const groups = new Map<string, { answer: Answer; ballots: Ballot[]; weight: number }>()
  for (const ballot of ballots.toSorted((a, b) => a.order - b.order)) {
    const { answer } = ballot
    if (!answer) continue
    const found = groups.get(answer.key) ?? { answer, ballots: [], weight: 0 }
    found.ballots.push(ballot)
    found.weight += ballot.score ?? missing
    groups.set(answer.key, found)
  }
  return [...groups.values()].sort((a, b) => b.weight - a.weight || b.ballots.length - a.ballots.length)
}

/** Ballots stand in the order of their samples, so equal scores leave the lowest index first. */
const best = (ballots: readonly Ballot[]): Completion =>
  ballots.reduce((a, b) => ((b.score ?? 0) > (a.score ?? 0) ? b : a)).candidate

const length = ({ text, thinking = '' }: Completion) => text.length * 1e6 + thinking.length

function silence({ finish, text }: Completion): string {
  if (finish === 'length') return 'no answer, cut off by the token limit'
  if (finish === 'filter') return 'no answer, stopped by a content filter'
  return text.trim() === '' ? 'no answer' : 'no answer that could be read'
}

/** P(X > 1/2) for X ~ Beta(a, b) with whole a, b: a binomial tail. */
function betaAboveHalf(a: number, b: number): number {
  const n = a + b - 1
  let term = 0.5 ** n
  let sum = 0
  for (let k = 0; k < a; k++) {
    sum += term
    term *= (n - k) / (k + 1)
  }
  return sum
}
