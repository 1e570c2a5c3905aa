import type { Material } from './extract.ts'

/**
 * The last fenced block, as code: `asked` for a question that wants a program, `alone` for a text that is little else.
 */
export function fencedCode({ text, question }: Material, when: 'asked' | 'alone'): string | undefined {
  const blocks = [...text.matchAll(/```[^\n`]*\n[\s\S]*?\n\s*```/g)]
  const last = blocks.at(-1)
  if (!last || /^```(?:json|math|latex)?\s*\n\s*[{[\\]/i.test(last[0])) return undefined
  const wanted = when === 'asked' ? asksForCode.test(question) : last[0].length > text.length / 2
  if (!wanted) return undefined
  return blocks.map(([block]) => block).reduce((a, b) => (b.length >= a.length ? b : a))
}

const asksForCode =
  /\b(?:write|implement|complete|create|fix|refactor)\b[\s\S]{0,80}\b(?:function|program|code|script|quer(?:y|ies)|class|method|sql|python|javascript)\b/i
