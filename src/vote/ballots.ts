import { parseJson } from '#answers'
import type { Completion, Prompt } from '#core'
import type { Answer } from './answer.ts'
import { fieldConsensus } from './consensus.ts'
import { breaks, schemaOf } from './schema.ts'

export type Ballot = {
  readonly candidate: Completion
  readonly answer: Answer | null
  readonly score: number | undefined
  readonly order: number
}
export type Group = { readonly answer: Answer; readonly ballots: readonly Ballot[]; readonly weight: number }

/**
 * Only the ballots of the lowest standing count. Long prose votes only if nobody came to an answer, and a text that was
 * cut off, which may lack its last words, only if nothing else can. Infinity: it abstains.
 */
export function standingOf({ answer, candidate }: Ballot): number {
  if (!answer) return Number.POSITIVE_INFINITY
  return candidate.finish === 'length' ? 2 : answer.kind === 'prose' ? 1 : 0
}

/** Ballots stand in the order of their samples, so equal scores leave the lowest index first. */
export const best = (ballots: readonly Ballot[]): Completion =>
  ballots.reduce((a, b) => ((b.score ?? 0) > (a.score ?? 0) ? b : a)).candidate

/** The form that most of a group's members use, the shortest of equals. */
export function shownOf(ballots: readonly Ballot[]): string {
  const forms = ballots.map(({ answer }) => answer!.shown)
  const count = (form: string) => forms.filter((other) => other === form).length
  return [...new Set(forms)].sort((a, b) => count(b) - count(a) || a.length - b.length)[0]!
}

/** A note: what it says in words, and as data. */
type Note = readonly [text: string, data: object]

/** What a ballot says. */
export function heardIn({ answer, candidate: { finish, text, span }, score, order }: Ballot): Note {
  const said = answer?.shown ?? (finish === 'stop' && text.trim() ? 'no answer that could be read' : 'no answer')
  const cut = finish === 'length' ? ', cut off by the token limit' : ''
  const stopped = finish === 'filter' ? ', stopped by a content filter' : ''
  const scored = score === undefined ? '' : `, scored ${score.toFixed(2)}`
  return [
    `Sample ${order + 1}: ${said}${cut}${stopped}${scored}.`,
    { sample: order, span, answer: answer?.shown ?? null, score },
  ]
}

export const weighedIn = ({ score, order, candidate: { span } }: Ballot): Note => [
  `Sample ${order + 1} weighs ${score!.toFixed(2)}.`,
  { sample: order, span, score },
]

/** One object that says of each field what most say, in the words of a completion; undefined where none can be had. */
export function consensusOf(
  ballots: readonly Ballot[],
  numbers: 'majority' | 'median',
  question: Prompt,
): Completion | undefined {
  const voters = ballots.filter((ballot) => ballot.answer?.kind === 'json' && standingOf(ballot) === 0)
  const values = voters.map(({ candidate }) => parseJson(candidate.text))
  const agreed = fieldConsensus(values, numbers)
  if (!agreed || breaks(agreed, schemaOf(question))) return undefined
  return { ...voters[0]!.candidate, text: JSON.stringify(agreed) }
}
