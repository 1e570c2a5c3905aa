import { type Completion, inWords, type Prompt, type Strategy, say } from '#core'

type Question = (prompt: Prompt, reply: string) => Prompt

/**
 * One draw in several calls, each made of the prompt and of what was replied to the call before; the reply to the last is
 * the draw.
 */
export const asking =
  (...questions: readonly [Question, ...Question[]]): Strategy =>
  (model) =>
  async (prompt, scope) => {
    let reply: Completion | undefined
    for (const question of questions) reply = await model(question(prompt, reply?.text ?? ''), scope)
    return reply!
  }

/** Something asked about the prompt, whose reply is read by the strategy; it has room to think, whatever the client allows. */
export const aside = (prompt: Prompt, text: string): Prompt => ({
  ...say(inWords(prompt), 'user', text),
  maxTokens: 4096,
})
