import { Groups, type Policy } from '#answers'
import { type Agreed, type Completion, chosen, type Prompt, type Tally, type Votes, type Voting } from '#core'
import { type Answer, answerOf, sameAnswer } from './answer.ts'
import { type Ballot, best, consensusOf, type Group, heardIn, shownOf, standingOf, weighedIn } from './ballots.ts'
import { betaAboveHalf } from './lead.ts'
import { optionTexts, wordsOf } from './question.ts'
import { groupsByMeaning, inWords } from './semantic.ts'

/** Groups completions whose answers are equivalent, and says of each who it voted for. */
export class AnswerTally implements Tally {
  readonly #question: Prompt
  readonly #note: (text: string, data?: unknown) => void
  readonly #voting: Voting
  readonly #policy: Policy
  /** In the order of their samples, whenever they came. */
  readonly #ballots: Ballot[] = []
  readonly #meanings = new Map<string, string>()
  /** What was compared stays compared, however often the votes are counted again. */
  readonly #compared = new Map<Answer, Map<Answer, boolean>>()
  #count: Count | undefined
  #ranked: readonly Group[] | undefined
  /** Whether every sample so far is word for word the first. */
  #alike = true

  constructor(question: Prompt, note: (text: string, data?: unknown) => void = () => {}, voting: Voting = {}) {
    this.#question = question
    this.#note = note
    this.#voting = voting
    const choices = optionTexts(question)
    this.#policy = { ...voting, choices: Object.keys(choices).length > 0 ? choices : undefined }
  }

  add(candidate: Completion, score?: number): this {
    const answer = answerOf(candidate, this.#question)
    const ballot = { candidate, answer, score, order: candidate.index ?? this.heard }
    const at = this.#ballots.findLastIndex(({ order }) => order <= ballot.order) + 1
    this.#ballots.splice(at, 0, ballot)
    // One that comes in its order is counted beside the others; else they are counted anew.
    if (at < this.heard - 1 || (this.#count && standingOf(ballot) < this.#count.standing)) this.#count = undefined
    else if (this.#count) this.#place(ballot, this.#count)
    this.#ranked = undefined
    this.#note(...heardIn(ballot))
    this.#warnOfCache(ballot)
    return this
  }

  weigh(candidate: Completion, score: number | undefined): this {
    const at = this.#ballots.findIndex((ballot) => ballot.candidate === candidate)
    const heard = this.#ballots[at]
    if (!heard || score === undefined) return this
    this.#ballots[at] = { ...heard, score }
    this.#count = this.#ranked = undefined
    this.#note(...weighedIn(this.#ballots[at]))
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
    const longest = this.#ballots.toSorted((a, b) => length(b.candidate) - length(a.candidate))
    return longest.slice(0, 1).map(({ candidate }) => candidate)
  }

  get margin(): number {
    const [first, second] = this.#leaders()
    return first - second
  }

  get lead(): number {
    const [first, second] = this.#leaders()
    return betaAboveHalf(first + 1, second + 1)
  }

  get groups(): readonly Agreed[] {
    return this.#ranking().map(({ ballots, weight }) => ({
      answer: shownOf(ballots),
      count: ballots.length,
      weight,
      members: ballots.map(({ candidate }) => candidate),
    }))
  }

  get result(): Votes {
    const votes = this.groups.map(({ members: _members, ...vote }) => vote)
    const counted = votes.reduce((sum, { count }) => sum + count, 0)
    return { votes, abstained: this.heard - counted, agreement: (votes[0]?.count ?? 0) / Math.max(1, this.heard) }
  }

  /** Asks a model which of the answers in words mean the same, unless the leader wins however they are merged. */
  async merge(ask: (prompt: Prompt) => Promise<Completion>): Promise<void> {
    const groups = this.#ranking()
    const open = groups.filter(({ answer }) => answer.kind === 'answer' && inWords(answer.key))
    const rivals = open.filter((group) => group !== groups[0]).reduce((sum, { weight }) => sum + weight, 0)
    if (open.length < 2 || rivals < groups[0]!.weight) return
    const keys = open.map(({ answer }) => answer.key)
    const { temperature } = this.#question
    const places = await groupsByMeaning(wordsOf(this.#question), keys, (messages) =>
      ask({ messages, ...(temperature === undefined ? {} : { temperature: 0 }), maxTokens: 2048 }),
    )
    for (const [at, place] of places.entries()) this.#meanings.set(keys[at]!, keys[place]!)
    this.#compared.clear()
    this.#count = this.#ranked = undefined
    const found = new Set(places).size
    if (found < open.length)
      this.#note(`${open.length} answers in words have ${found} meaning${found === 1 ? '' : 's'}.`)
  }

  /** The most votes and the next most; none while all that voted may yet lose their vote to better ones. */
  #leaders(): readonly [number, number] {
    const groups = this.#ranking()
    const counts = this.#count?.standing === 0 ? groups.map(({ ballots }) => ballots.length).sort((a, b) => b - a) : []
    return [counts[0] ?? 0, counts[1] ?? 0]
  }

  #ranking(): readonly Group[] {
    if (this.#ranked) return this.#ranked
    this.#count ??= this.#counted()
    const { rows } = this.#count
    const scores = rows.flat().flatMap(({ score }) => score ?? [])
    const missing = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 1
    this.#ranked = rows
      .map((ballots) => ({
        answer: ballots[0]!.answer!,
        ballots,
        weight: ballots.reduce((sum, { score }) => sum + (score ?? missing), 0),
      }))
      .sort((a, b) => b.weight - a.weight || b.ballots.length - a.ballots.length)
    return this.#ranked
  }

  #counted(): Count {
    const standing = Math.min(...this.#ballots.map(standingOf))
    const count: Count = { standing, groups: new Groups((a, b) => this.#same(a, b)), rows: [] }
    for (const ballot of this.#ballots) this.#place(ballot, count)
    return count
  }

  #place(ballot: Ballot, { standing, groups, rows }: Count): void {
    const { answer } = ballot
    if (!answer || standingOf(ballot) !== standing) return
    const place = groups.place(`${answer.kind} ${answer.key}`, answer)
    rows[place] ??= []
    rows[place].push(ballot)
  }

  #same(a: Answer, b: Answer): boolean {
    const known = this.#compared.get(a) ?? new Map<Answer, boolean>()
    this.#compared.set(a, known)
    const meaning = ({ key }: Answer) => this.#meanings.get(key) ?? key
    const same = known.get(b) ?? (sameAnswer(a, b, this.#policy) || (a.kind === b.kind && meaning(a) === meaning(b)))
    known.set(b, same)
    return same
  }

  /** Sampling at some temperature does not give long texts twice; a cache does, and then sixteen votes are one. */
  #warnOfCache({ candidate: { text, thinking = '' } }: Ballot): void {
    const first = this.#ballots[0]!.candidate
    const warned = this.#alike && this.heard > 3
    this.#alike &&= text === first.text && thinking === (first.thinking ?? '') && (text + thinking).length > 200
    if (this.#alike && this.heard > 2 && !warned)
      this.#note(
        'Samples are word for word the same: the upstream seems to answer from a cache, so that they agree says little.',
      )
  }
}

/** Votes as they are counted: of which standing, in which groups, and the ballots of each. */
type Count = { readonly standing: number; readonly groups: Groups<Answer>; readonly rows: Ballot[][] }

const length = ({ text, thinking = '' }: Completion) => text.length * 1e6 + thinking.length
