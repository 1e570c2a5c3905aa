import type { Completion, Prompt } from '#core'
import type { Answer } from './answer.ts'
import { fieldConsensus } from './consensus.ts'
import { parseJson } from './json.ts'
import { breaks } from './schema.ts'

export type Ballot = {
  readonly candidate: Completion
  readonly answer: Answer | null
  readonly score: number | undefined
  readonly order: number
}
export type Group = { readonly answer: Answer; readonly ballots: readonly Ballot[]; readonly weight: number }

/** Ballots stand in the order of their samples, so equal scores leave the lowest index first. */
export const best = (ballots: readonly Ballot[]): Completion =>
  ballots.reduce((a, b) => ((b.score ?? 0) > (a.score ?? 0) ? b : a)).candidate

/** The form that most of a group's members use, the shortest of equals. */
export function shownOf(ballots: readonly Ballot[]): string {
  const counts = new Map<string, number>()
  for (const { answer } of ballots) if (answer) counts.set(answer.shown, (counts.get(answer.shown) ?? 0) + 1)
  const forms = [...counts].sort(([a, m], [b, n]) => n - m || a.length - b.length)
  return forms[0]?.[0] ?? ''
}

/** Whether the first samples, all long enough for chance to differ, are word for word the same. */
export function ballotsAlike(ballots: readonly Ballot[]): boolean {
  const said = ballots.map(({ candidate: { text, thinking = '' } }) => thinking + text)
  return said.length >= 3 && said[0]!.length > 200 && said.every((text) => text === said[0])
}

/** One object that says of each field what most say, in the words of a completion; undefined where none can be had. */
export function consensusOf(
  ballots: readonly Ballot[],
  numbers: 'majority' | 'median',
  question: Prompt,
): Completion | undefined {
  const voters = ballots
    .filter(({ answer, candidate }) => answer?.kind === 'json' && candidate.finish !== 'length')
    .toSorted((a, b) => a.order - b.order)
  const first = voters[0]?.candidate
  const agreed = fieldConsensus(
    voters.map(({ candidate }) => parseJson(candidate.text)),
    numbers,
  )
  const format = question.rest?.['response_format'] as { json_schema?: { schema?: unknown } } | undefined
  if (!first || !agreed || breaks(agreed, format?.json_schema?.schema)) return undefined
  return { ...first, text: JSON.stringify(agreed) }
}
