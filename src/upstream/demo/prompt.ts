/** What a prompt asks for: the solution, its next step, or a verdict on a candidate, as a word or as a score. */
export type Wanted = 'solution' | 'step' | 'word' | 'score'

export type Task = {
  wanted: Wanted
  /** Texts that may hold the question, the likeliest first. */
  questions: readonly string[]
  /** The candidate, or the steps so far, that the prompt shows; otherwise empty. */
  shown: string
}

const asks = 'question|problem|task'
const says = 'candidate|answer|solution|response|attempt|steps|thoughts|work'

// A tag (`<question>`) or a label on a line of its own kind (`Question:`, `## Proposed answer:`).
const heading = (names: string) => `(?:^|\\n|<)[#*\\s]*(?:[a-z]+ )?(?:${names})[^:>\\n.?]{0,24}[:>]\\**\\s*`
const sections = (prompt: string, names: string) => {
  const section = new RegExp(`${heading(names)}([\\s\\S]*?)(?=${heading(`${asks}|${says}|score`)}|</(?!think)|$)`, 'gi')
  return [...prompt.matchAll(section)].map((match) => match[1]!.trim()).filter((text) => text !== '')
}

/** Reads the last turn of a conversation as a strategy or a person would mean it; `earlier` is latest last. */
export const taskOf = (prompt: string, earlier: readonly string[]): Task => {
  const [marked] = sections(prompt, asks)
  const shown = sections(prompt, says).at(-1) ?? ''
  const word = ['sure', 'likely', 'impossible'].every((word) => prompt.includes(word))
  const score = shown !== '' && /\bscore\b/i.test(prompt)
  const refers = word || score || /\b(?:again|check|step|review|wait|mistakes?)\b/i.test(prompt)
  const before = earlier.map((text) => sections(text, asks)[0] ?? text).reverse()
  const [above = ''] = prompt.split(new RegExp(heading(says), 'i'))
  const questions = marked ? [marked] : shown ? [above, ...before, prompt] : [prompt, ...(refers ? before : [])]
  const wanted = word ? 'word' : score ? 'score' : /next step/i.test(prompt) ? 'step' : 'solution'
  return { wanted, questions, shown }
}
