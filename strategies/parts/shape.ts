import { extractAnswer } from '#answers'
import type { Completion, Prompt } from '#core'
import { wantsJson, wordsOf } from './question.ts'

/** How candidates can be told apart: answers by comparing them, code by running it, free text by reading it. */
export type Shape = 'answer' | 'code' | 'text'

/**
 * The shape of what a candidate says. A long text in which the place of an answer can at best be guessed is free text,
 * though some number in it could be compared.
 */
export function shapeOf({ text, toolCalls }: Completion, prompt: Prompt): Shape {
  if (toolCalls || wantsJson(prompt)) return 'answer'
  const { answer, method, strength } = extractAnswer(text, { question: wordsOf(prompt) })
  if (method === 'code') return 'code'
  return strength >= 0.5 || (answer !== null && text.trim().length <= short) ? 'answer' : 'text'
}

/** A sentence or two around the answer. */
const short = 240

/** The shape that most of some candidates have; those that say nothing have none. */
export function commonShape(candidates: readonly Completion[], prompt: Prompt): Shape {
  const shapes = candidates
    .filter(({ text, toolCalls }) => toolCalls || text.trim() !== '')
    .map((candidate) => shapeOf(candidate, prompt))
  const most = (shape: Shape) => shapes.filter((other) => other === shape).length * 2 > shapes.length
  return most('text') ? 'text' : most('code') ? 'code' : 'answer'
}
