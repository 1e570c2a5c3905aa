import type { Check } from './check.ts'
import { program, type State } from './program.ts'

/** Where an answer is longer, its end is looked at. */
const longest = 20_000

/** Whether the visible answer matches a regular expression. Throws BadRecipe for one that cannot be used. */
export function matching(source: string): Check {
  const matches = pattern(source)
  return ({ text, toolCalls }) => {
    if (toolCalls && text === '') return undefined
    const pass = matches(text.slice(-longest))
    return { pass, detail: pass ? 'The answer matches the pattern.' : 'The answer does not match the pattern.' }
  }
}

/**
 * Whether a regular expression matches somewhere in a text. Clients write the pattern and models the text, so it is
 * matched without backtracking, every possibility at once (Thompson, 1968): no pattern can take more than its own length
 * times that of the text. What that cannot do is refused: looking around and referring back. Throws BadRecipe.
 */
export function pattern(source: string): (text: string) => boolean {
  const states = program(source)
  return (text) => run(states, [...text])
}

function run(states: readonly State[], text: readonly string[]): boolean {
  let reached = new Set<number>()
  let ended = false
  const reach = (into: Set<number>, first: number, at: number) => {
    const open = [first]
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (into.has(state)) continue
      into.add(state)
      const found = states[state]!
      if (found.kind === 'end') ended = true
      if (found.kind === 'split') open.push(...found.to)
      if (found.kind === 'at' && found.is(text[at - 1], text[at])) open.push(state + 1)
    }
  }
  for (let at = 0; ; at++) {
    // A match may begin anywhere.
    reach(reached, 0, at)
    if (ended || at === text.length) return ended
    const next = new Set<number>()
    for (const state of reached) {
      const found = states[state]!
      if (found.kind === 'one' && found.is(text[at]!)) reach(next, state + 1, at + 1)
    }
    reached = next
  }
}
