import * as z from 'zod'
import { type Completion, chosen, type Run, rankBy, type Tally } from '#core'
import { callTools } from './candidates.ts'
import { contenders, open } from './contenders.ts'

/** A node of a search tree as its notes have it, so that the tree can be drawn. Node 0 is the question. */
export type Grown = {
  readonly node: number
  readonly parent: number
  readonly score?: number | undefined
  /** Not followed any further. */
  readonly pruned?: boolean
  /** The steps so far, where no sample has just these words. */
  readonly text?: string
  /** The sample that said it. */
  readonly of?: Completion | undefined
  /** Nothing is left to be added. */
  readonly whole?: boolean
}

/** Notes that a node has grown, or with `state` what became of it. */
export function tell(run: Run, { node, parent, score, pruned, text, of, whole }: Grown, state?: string): void {
  const found = score === undefined ? !state && 'not scored' : `scored ${score.toFixed(2)}`
  const words = [found, state ?? (pruned ? 'not followed' : undefined)].filter(Boolean).join(', ')
  const data = {
    node,
    parent,
    ...(score === undefined ? {} : { score }),
    ...(pruned ? { pruned } : {}),
    ...(text ? { text } : {}),
    ...(of?.span === undefined ? {} : { span: of.span }),
    ...(whole ? { whole } : {}),
  }
  run.note(`Node ${node}, after ${parent === 0 ? 'the question' : `node ${parent}`}: ${words}.`, data)
}

/** A whole answer somewhere in a tree. */
export type Found = {
  readonly answer: Completion
  readonly score?: number | undefined
  /** How far from the question. */
  readonly depth?: number
  readonly proven?: boolean | undefined
}

/** Of the answers of a tree: those that agree together, or the best one alone. */
export const select = z.enum(['weighted', 'argmax']).optional()

/**
 * The answer with the best score, of equal ones the shallowest, with the best of each other answer behind it. Tool calls,
 * and answers that no score was had for, are voted on. The tally has heard them all.
 */
export function best(run: Run, tally: Tally, found: readonly Found[]): Completion {
  const answers = found.map(({ answer }) => answer)
  if (found.every(({ score }) => score === undefined) || callTools(answers)) return tally.winner
  const byDepth = found.toSorted((a, b) => (a.depth ?? 0) - (b.depth ?? 0))
  const ranked = rankBy(byDepth, ({ score }) => score).map(({ answer }) => answer)
  const groups = contenders(run, tally, answers)
  const favourites = groups.map(({ members }) => ranked.find((answer) => members.includes(answer)))
  const distinct = ranked.filter((answer) => favourites.includes(answer))
  return distinct.length > 0 ? chosen(distinct) : tally.winner
}

/**
 * The answer of a search: a vote weighted by the scores, or the best score, which it also is where a vote says nothing.
 * A search that found none just asks.
 */
export function concluded(run: Run, found: readonly Found[], select: 'weighted' | 'argmax'): Promise<Completion> {
  if (found.length === 0) return run.answer()
  const tally = run.tally()
  for (const { answer, score } of found) tally.add(answer, score)
  const answers = found.map(({ answer }) => answer)
  const votes = select === 'weighted' && !open(run, tally, answers)
  return Promise.resolve(votes ? tally.winner : best(run, tally, found))
}

/**
 * The answer of a tree of answers: one that was proven, else what `select` says, which for a scorer that judges is the vote
 * weighted by the scores, since a noisy judge's single favourite is often wrong, and for one that checks its favourite.
 */
export function selected(run: Run, tally: Tally, found: readonly Found[], select: 'weighted' | 'argmax' | undefined) {
  const proven = found.filter(({ proven }) => proven)
  if (proven.length > 0) return best(run, tally, proven)
  if ((select ?? (run.gate ? 'argmax' : 'weighted')) === 'argmax') return best(run, tally, found)
  return concluded(run, found, 'weighted')
}

/** Whether an answer can be shown to a model that is to find a better one. */
export const isReadable = ({ text, toolCalls }: Completion): boolean => !toolCalls && text.trim() !== ''
