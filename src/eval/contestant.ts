import type { Completion, Prompt, Usage, Votes } from '#core'

/** What a recipe came to on one question, as if it had been asked by itself. */
export type Answered = {
  readonly completion: Completion
  /** Completions that it asked for. */
  readonly calls: number
  readonly usage: Usage
  /** Milliseconds. */
  readonly ms: number
  readonly votes?: Votes
}

/** A recipe on a model, which is asked every question. */
export type Contestant = {
  /** As a client would ask for it: r1+sc@8. */
  readonly name: string
  readonly model: string
  /** As it was given: sc@8. */
  readonly recipe: string
  /** With the model and in full names: r1+self-consistency@8. */
  readonly text: string
  /** How many plain samples it votes over, where it does nothing else; 1 for a single one. */
  readonly votesOver?: number
  /** Rejects with what kept it from an answer. */
  answer(prompt: Prompt, signal: AbortSignal): Promise<Answered>
}

/** "none,sc@8,bon@8(scorer=judge,select=argmax)": commas within brackets and quotes are part of a recipe. */
export function recipesIn(list: string): readonly string[] {
  const recipes = ['']
  let depth = 0
  let quoted = false
  for (const char of list) {
    if (char === '"') quoted = !quoted
    if (!quoted && '(['.includes(char)) depth++
    if (!quoted && ')]'.includes(char)) depth--
    if (char === ',' && depth <= 0 && !quoted) recipes.push('')
    else recipes[recipes.length - 1] += char
  }
  return [...new Set(recipes.map((recipe) => recipe.trim()).filter(Boolean))]
}

/** How many plain samples a recipe in full names votes over, where it does nothing else. */
export function votesOver(model: string, text: string): number | undefined {
  if (text === `${model}+none`) return 1
  const [, n] = /^self-consistency@(\d+)$/.exec(text.slice(model.length + 1)) ?? []
  return n === undefined ? undefined : Number(n)
}
