const asks = 'question|problem|task'
const says = 'candidate|answer|solution|response|attempt|steps|thoughts|work'

// A tag (`<question>`) or a label on a line of its own kind (`Question:`, `## Proposed answer:`).
const heading = (names: string) => `(?:^|\\n|<)[#*\\s]*(?:[a-z]+ )?(?:${names})[^:>\\n.?]{0,24}[:>]\\**\\s*`
const sections = (prompt: string, names: string) => {
  const section = new RegExp(`${heading(names)}([\\s\\S]*?)(?=${heading(`${asks}|${says}|score`)}|</(?!think)|$)`, 'gi')
  return [...prompt.matchAll(section)].map((match) => match[1]!.trim()).filter((text) => text !== '')
}

/** The question in a prompt that marks one with a tag or a label; otherwise the whole prompt. */
export const questionIn = (prompt: string): string => sections(prompt, asks)[0] ?? prompt

/** The candidate answer, or the steps so far, that a prompt marks with a tag or a label; otherwise empty. */
export const candidateIn = (prompt: string): string => sections(prompt, says).at(-1) ?? ''
