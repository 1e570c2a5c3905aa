import { type Agreed, type Completion, chosen, type Run, type Tally } from '#core'
import { wantsJson } from './question.ts'

/**
 * Whether most candidates are whole texts that come to no short answer, so that a vote among the few that do would say
 * nothing. Where a format was asked for, whoever breaks it has no part in the choice, however few are left.
 */
export function open({ prompt }: Run, tally: Tally, drawn: readonly Completion[]): boolean {
  const voted = tally.groups.reduce((sum, { count }) => sum + count, 0)
  return voted * 2 < drawn.filter(isWhole).length && (voted === 0 || !wantsJson(prompt))
}

/** Candidates to choose between in groups that answer the same, by the vote; on open questions each by itself. */
export function contenders(run: Run, tally: Tally, drawn: readonly Completion[]): readonly Agreed[] {
  if (!open(run, tally, drawn)) return tally.groups
  return drawn.filter(isWhole).map((member) => ({ answer: member.text, count: 1, weight: 1, members: [member] }))
}

/** The chosen one, with the other groups' first members behind it. */
export const elected = (first: Completion, groups: readonly Agreed[]): Completion =>
  chosen([first, ...groups.filter(({ members }) => !members.includes(first)).map(({ members }) => members[0]!)])

const isWhole = ({ text, finish, toolCalls }: Completion) =>
  finish !== 'length' && finish !== 'filter' && (text.trim() !== '' || toolCalls !== undefined)
