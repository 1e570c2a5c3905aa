import type { Prompt } from '#core'

/** The words of the last turn that asks. */
export function wordsOf({ messages }: Prompt): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (typeof part?.text === 'string' ? part.text : '')).join('\n')
}

/** The options that a question lists as `A) text` on lines of their own, by letter; none unless they run from A on. */
export function optionTexts(question: Prompt): Readonly<Record<string, string>> {
  const lines = [...wordsOf(question).matchAll(/^[ \t]*\(?([A-J])[).:]\s+(\S.*?)\s*$/gm)]
  const run = lines.filter(([, letter], at) => letter === String.fromCharCode(65 + at))
  return run.length >= 2 && run.length === lines.length
    ? Object.fromEntries(run.map(([, letter, text]) => [letter!, text!]))
    : {}
}
