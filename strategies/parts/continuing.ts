import type { Completion, Prompt, Strategy } from '#core'

/** A strategy that begins with what was drawn already: its first draws of the question are those, and cost nothing. */
export const continuing =
  (strategy: Strategy, question: Prompt, drawn: readonly Completion[]): Strategy =>
  (model) => {
    const given = [...drawn]
    const isAgain = ({ messages }: Prompt) => messages === question.messages
    return strategy(async (prompt, scope) => (isAgain(prompt) && given.shift()) || model(prompt, scope))
  }
