import type { Completion } from '#core'

/** A completion that ended inside its thinking all the same says something: its last paragraph is the answer. */
export function unclosed(completion: Completion): Completion {
  const { text, thinking = '', toolCalls, finish } = completion
  if (text.trim() !== '' || toolCalls || finish !== 'stop' || thinking.trim() === '') return completion
  return {
    ...completion,
    text: thinking
      .trim()
      .split(/\n\s*\n/)
      .at(-1)!,
  }
}
