/**
 * What an upstream says of itself, without what is its operator's business: keys, addresses inside, where in its program
 * it was; and of one that is at `fault` all addresses and paths. No pattern takes more than time in proportion to the text.
 */
export function discreet(text: string, fault: boolean): string {
  const all = fault ? [...hidden, ...ofFaults] : hidden
  return all.reduce((told, pattern) => told.replaceAll(pattern, hint), text.replace(stack, '')).trim()
}

/** What stands for what is not told. */
const hint = '…'

/** Where the story begins of how it came to that: JavaScript's, Python's. */
const stack = /(?:\n[ \t]{1,40}at |Traceback \(most recent call last\):|\n[ \t]{1,40}File ")[\s\S]*$/

const hidden = [
  /\b(?:[a-z]{2,9}:\/\/)?(?:(?:\d{1,3}\.){3}\d{1,3}|localhost)(?::\d+)?\b(?:\/[^\s"'<>)\]]*)?/gi,
  /(?<![\w.@+/\\:-])(?:node:|[\w.@+-]*[/\\])[\w.@+/\\:-]{1,400}:\d+:\d+\b/gi,
  /\b(?:sk-[\w-]{6,}|Bearer\s+[^\s"']+)/g,
]

const ofFaults = [/\b[a-z]{2,9}:\/\/[^\s"'<>)\]]+/gi, /(?<![\w.…])(?:[a-z]:)?(?:[/\\][\w.@+-]+){2,}(?::\d+)*/gi]

/** The same text without a key that it may repeat. */
export const withoutKey = (text: string, key: string | null | undefined): string =>
  key ? text.replaceAll(key, hint) : text
