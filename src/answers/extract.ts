/** An answer pulled out of a text, and the rule that found it. */
export type Extracted = {
  readonly answer: string | null
  readonly method: 'boxed' | 'tag' | 'hashes' | 'phrase' | 'number' | 'line' | 'none'
}

/** The answer a visible text comes to, by the first rule that finds one; the order is that of their reliability. */
export function extractAnswer(text: string): Extracted {
  for (const [method, rule] of rules) {
    const answer = rule(text)?.trim()
    if (answer) return { answer, method }
  }
  return { answer: null, method: 'none' }
}

const rules: readonly (readonly [Extracted['method'], (text: string) => string | undefined])[] = [
  ['tag', (text) => lastMatch(text, /<answer>([\s\S]*?)<\/answer>/gi)],
  ['boxed', lastBoxed],
  ['hashes', (text) => lastMatch(text, /^####\s*(.+)$/gm)],
  ['phrase', phrase],
  ['number', lastNumber],
  ['line', lastLine],
]

/** The contents of the last \boxed{…}, braces balanced; one that never closes is not an answer. */
function lastBoxed(text: string): string | undefined {
  for (let at = text.lastIndexOf('\\boxed'); at >= 0; at = at > 0 ? text.lastIndexOf('\\boxed', at - 1) : -1) {
    const open = at + '\\boxed'.length
    const content = text[open] === '{' ? balanced(text, open) : undefined
    if (content?.trim()) return content
  }
  return undefined
}

function balanced(text: string, open: number): string | undefined {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return text.slice(open + 1, at)
  }
  return undefined
}

function phrase(text: string): string | undefined {
  const said = lastMatch(
    text,
    /(?:final answer|answer|antwort|réponse|respuesta|ответ|答案)\**\s*(?:is|are|ist|est|es|是|:|：|=)\**\s*:?[ \t]*([^\n]+)/giu,
  )
  return said && cutSentence(said.replaceAll('**', ''))
}

/** Up to the end of the sentence, without mistaking the point of 3.14 for it. */
const cutSentence = (text: string) => /^(.*?)[.!。]?(?:[.!。](?=\s)|$)/su.exec(text)?.[1] ?? text

/** Only in a text with words around it; a text that is one expression is its own answer. */
function lastNumber(text: string): string | undefined {
  if (!/\p{L}{2,}/u.test(text) || text.length > 2000) return undefined
  return lastMatch(text, /(-?\d[\d,]*(?:\.\d+)?(?:\/\d+)?%?)(?![\d\p{L}])/gu)?.replace(/,$/, '')
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.trim()
  return line && line.length <= 80 ? line : undefined
}

function lastMatch(text: string, pattern: RegExp): string | undefined {
  let found: string | undefined
  for (const match of text.matchAll(pattern)) if (match[1]?.trim()) found = match[1]
  return found
}
