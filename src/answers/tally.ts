import { type Completion, chosen, type Prompt, type Tally, type Votes, type Voting } from '#core'
import { type Answer, answerOf, sameAnswer } from './answer.ts'
import { type Ballot, ballotsAlike, best, consensusOf, type Group, shownOf } from './ballots.ts'
import type { Policy } from './equivalence/policy.ts'
import { betaAboveHalf } from './lead.ts'
import { optionTexts, wordsOf } from './question.ts'
import { groupsByMeaning } from './semantic.ts'

/** Groups completions whose answers are equivalent, and says of each who it voted for. */
export class AnswerTally implements Tally {
  readonly #question: Prompt
  readonly #note: (text: string, data?: unknown) => void
  readonly #voting: Voting
  readonly #policy: Policy
  readonly #ballots: Ballot[] = []
  readonly #meanings = new Map<string, string>()
  #groups: readonly Group[] | undefined
  #warned = false

  constructor(question: Prompt, note: (text: string, data?: unknown) => void = () => {}, voting: Voting = {}) {
    this.#question = question
    this.#note = note
    this.#voting = voting
    const choices = optionTexts(question)
    this.#policy = { ...policyOf(voting), ...(Object.keys(choices).length > 0 ? { choices } : {}) }
  }

  add(candidate: Completion, score?: number): this {
    const order = candidate.index ?? this.#ballots.length
    const answer = answerOf(candidate, this.#question)
    this.#ballots.push({ candidate, answer, score, order })
    this.#groups = undefined
    const graded = score === undefined ? '' : `, scored ${score.toFixed(2)}`
    this.#note(`Sample ${order + 1}: ${answer ? answer.shown : silence(candidate)}${graded}.`)
    this.#warnOfCache()
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
    const consensus = this.#voting.fields && consensusOf(this.#ballots, this.#voting.fields, this.#question)
    if (consensus) return [consensus, ...voted.filter(({ text }) => text !== consensus.text)]
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
    const votes = this.#ranking().map(({ ballots, weight }) => ({
      answer: shownOf(ballots),
      count: ballots.length,
      weight,
    }))
    const counted = votes.reduce((sum, { count }) => sum + count, 0)
    return { votes, abstained: this.heard - counted, agreement: (votes[0]?.count ?? 0) / Math.max(1, this.heard) }
  }

  /** Asks a model which of the answers in words mean the same, unless the leader wins however they are merged. */
  async merge(ask: (prompt: Prompt) => Promise<Completion>): Promise<void> {
    const groups = this.#ranking()
    const open = groups.filter(({ answer }) => answer.kind === 'answer' && inWords(answer.key))
    const most = Math.max(...groups.map(({ weight }) => weight))
    const leader = groups[0]
    if (!leader || open.length < 2) return
    const others = open.filter((group) => group !== leader).reduce((sum, { weight }) => sum + weight, 0)
    if (others < most) return
    const { temperature } = this.#question
    const places = await groupsByMeaning(
      wordsOf(this.#question),
      open.map(({ answer }) => answer.key),
      (messages) => ask({ messages, ...(temperature === undefined ? {} : { temperature: 0 }), maxTokens: 2048 }),
    )
    for (const [at, place] of places.entries())
      if (place !== at) this.#meanings.set(open[at]!.answer.key, open[place]!.answer.key)
    this.#groups = undefined
    const found = new Set(places).size
    if (found < open.length)
      this.#note(`${open.length} answers in words have ${found} meaning${found === 1 ? '' : 's'}.`)
  }

  #counts(): readonly number[] {
    return this.#ranking()
      .map(({ ballots }) => ballots.length)
      .sort((a, b) => b - a)
  }

  /**
   * Long prose votes only if nobody came to an answer, and a text that was cut off, which may lack its last words, only if
   * nothing else can.
   */
  #ranking(): readonly Group[] {
    if (this.#groups) return this.#groups
    const whole = this.#ballots.filter(({ candidate }) => candidate.finish !== 'length')
    const readable = whole.filter(({ answer }) => answer && answer.kind !== 'prose')
    for (const ballots of [readable, whole, this.#ballots]) {
      this.#groups = this.#group(ballots)
      if (this.#groups.length > 0) break
    }
    return this.#groups!
  }

  #group(ballots: readonly Ballot[]): readonly Group[] {
    const scores = ballots.flatMap(({ score }) => score ?? [])
    const missing = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 1
    const groups: { answer: Answer; forms: Map<string, Answer>; ballots: Ballot[]; weight: number }[] = []
    for (const ballot of ballots.toSorted((a, b) => a.order - b.order)) {
      const { answer } = ballot
      if (!answer) continue
      let found = groups.find(({ forms }) => forms.has(answer.kind + answer.key))
      found ??= groups.find(({ forms }) => [...forms.values()].every((other) => this.#same(answer, other)))
      if (!found) {
        found = { answer, forms: new Map(), ballots: [], weight: 0 }
        groups.push(found)
      }
      found.forms.set(answer.kind + answer.key, answer)
      found.ballots.push(ballot)
      found.weight += ballot.score ?? missing
    }
    return groups.sort((a, b) => b.weight - a.weight || b.ballots.length - a.ballots.length)
  }

  #same(a: Answer, b: Answer): boolean {
    const meaning = ({ key }: Answer) => this.#meanings.get(key) ?? key
    return sameAnswer(a, b, this.#policy) || (a.kind === b.kind && meaning(a) === meaning(b))
  }

  /** Sampling at some temperature does not give long texts twice; a cache does, and then sixteen votes are one. */
  #warnOfCache(): void {
    if (this.#warned || !ballotsAlike(this.#ballots)) return
    this.#warned = true
    this.#note(
      'Samples are word for word the same: the upstream seems to answer from a cache, so they count as one opinion.',
    )
  }
}

const policyOf = ({ fields: _fields, semantic: _semantic, ...policy }: Voting): Policy =>
  Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined))

/** No number and no maths: only its meaning can tell what it equals. */
const inWords = (form: string) => /\p{L}{3,}/u.test(form) && form.length <= 400 && !/^[\d\\$([{]/.test(form)

const length = ({ text, thinking = '' }: Completion) => text.length * 1e6 + thinking.length

function silence({ finish, text }: Completion): string {
  if (finish === 'length') return 'no answer, cut off by the token limit'
  if (finish === 'filter') return 'no answer, stopped by a content filter'
  return text.trim() === '' ? 'no answer' : 'no answer that could be read'
}
