import type { Material } from './extract.ts'

/**
 * The longest fenced block, as code, of a text that is little else; if `asked`, of one whose question wants a program.
 */
export function fencedCode({ text, question }: Material, asked = false): string | undefined {
  const blocks = [...text.matchAll(/```[^\n`]*\n[\s\S]*?\n\s*```/g)]
  const last = blocks.at(-1)
  if (!last || /^```(?:json|math|latex)?\s*\n\s*[{[\\]/i.test(last[0])) return undefined
  const wanted = asked ? asksForCode.test(question) : last[0].length > text.length / 2
  if (!wanted) return undefined
  return blocks.map(([block]) => block).reduce((a, b) => (b.length >= a.length ? b : a))
}

const asksForCode =
  /\b(?:write|implement|complete|create|fix)\b[\s\S]{0,80}\b(?:function|program|code|script|query|class)\b/i
