/**
 * What an upstream that fails says of itself, without what is its operator's business: addresses, paths, where in its
 * program it was, keys. No pattern takes more than time in proportion to the text.
 */
export function discreet(text: string): string {
  return hidden.reduce((told, pattern) => told.replaceAll(pattern, hint), text.replace(stack, '')).trim()
}

/** What stands for what is not told. */
const hint = '…'

/** Where the story begins of how it came to that: JavaScript's, Python's. */
const stack = /(?:\n[ \t]{1,40}at |Traceback \(most recent call last\):|\n[ \t]{1,40}File ")[\s\S]*$/

const hidden = [
  /\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s"'<>)\]]+/gi,
  /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g,
  /(?<![\w.…])(?:[a-z]:)?(?:[/\\][\w.@+-]+){2,}(?::\d+)*/gi,
  /\bnode:[\w/]+(?::\d+)*/g,
  /\b(?:sk-[\w-]{6,}|Bearer\s+[^\s"']+)/g,
]

/** The same text without a key that it may repeat. */
export const withoutKey = (text: string, key: string | null | undefined): string =>
  key ? text.replaceAll(key, hint) : text
