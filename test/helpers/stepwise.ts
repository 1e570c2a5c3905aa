import type { Call, Script } from './scripted.ts'

/**
 * A model that writes in paragraphs: `next` is what follows a beginning, undefined where that is whole. Where it is asked
 * to stop at a blank line it writes one paragraph.
 */
export const writing =
  (next: (text: string, call: Call) => string | undefined): Script =>
  (call) => {
    const { messages, continues, stop } = call.prompt
    let text = continues ? String(messages.at(-1)?.content).replace(/\n\n$/, '') : ''
    const said: string[] = []
    for (;;) {
      const paragraph = next(text, call)
      if (paragraph === undefined) return { text: said.join('\n\n') }
      said.push(paragraph)
      text = [text, paragraph].filter(Boolean).join('\n\n')
      if (stop?.includes('\n\n') && next(text, call) !== undefined) return { text: paragraph, stopped: '\n\n' }
    }
  }

/** Of each paragraph one draw in `of` is right, never the same as of the one before. Four of them make an answer. */
export const climbing = (of: number) =>
  writing((text, { draw }) => {
    const steps = text.split('\n\n').filter(Boolean)
    if (steps.length === 3) return `It is ${steps.every((step) => step === 'right') ? 42 : 41}.`
    return steps.length > 3 ? undefined : (draw + steps.length) % of === of - 1 ? 'right' : 'wrong'
  })
/** The share of steps that are right. */
export const rightness = (text: string) => {
  const steps = text.split(/\n+/)
  return text.includes('42') ? 1 : steps.filter((step) => step === 'right').length / steps.length
}

/** What each call is to go on with. */
export const beginnings = (calls: readonly Call[]) =>
  calls.map(({ prompt }) => (prompt.continues ? String(prompt.messages.at(-1)?.content) : ''))
