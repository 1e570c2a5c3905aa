import { splitThinking, type ThinkState } from '#answers'
import { BadRecipe, type Prompt, type Strategy } from '#core'
import type { Can } from './capabilities.ts'
import { textOf } from './wire.ts'

/** A prompt that asks, as the upstream understands it, for its last message to be gone on with. */
export function inDialect(prompt: Prompt, dialect: Prefill): Prompt {
  const { messages, rest } = prompt
  if (dialect === 'plain') return prompt
  if (dialect === 'vllm')
    return { ...prompt, rest: { ...rest, continue_final_message: true, add_generation_prompt: false } }
  return { ...prompt, messages: messages.with(-1, { ...messages.at(-1)!, prefix: true }) }
}

/**
 * How an upstream is asked for it: two fields (vLLM, SGLang), a mark on the message (DeepSeek; Mistral, which repeats the
 * beginning in its reply), or nothing more than that the last message is the assistant's (llama.cpp).
 */
export const prefills = ['vllm', 'deepseek', 'mistral', 'plain'] as const
export type Prefill = (typeof prefills)[number]

/** What a message begins with that is gone on with, and where that leaves its thinking. */
export function beginningOf({ messages, continues }: Prompt): { text: string; state: ThinkState } | undefined {
  if (!continues) return undefined
  const text = textOf(messages.at(-1)?.content)
  return { text, state: splitThinking(text, { unwrap: false }).state }
}

/** Lets a text through as it comes, but for a beginning that it repeats. */
export function withoutEcho(beginning: string): (text: string) => string {
  let expected = beginning
  return (text) => {
    if (expected.startsWith(text)) {
      expected = expected.slice(text.length)
      return ''
    }
    const heldBack = beginning.slice(0, beginning.length - expected.length)
    const said = text.startsWith(expected) ? text.slice(expected.length) : heldBack + text
    expected = ''
    return said
  }
}

/** White space before and after a text that comes in pieces. */
export class Margins {
  #before = ''
  #after = ''
  #begun = false
  #taken = false

  hear(text: string): void {
    const words = text.trimEnd()
    if (!this.#begun) this.#before += text.slice(0, text.length - text.trimStart().length)
    this.#after = words === '' ? this.#after + text : text.slice(words.length)
    this.#begun ||= words !== ''
  }

  /** What stands before the text, once. */
  take(): string {
    const before = this.#taken ? '' : this.#before
    this.#taken = true
    return before
  }

  /** A text with its margins again; `last`: it ended with it. */
  around(text: string, last: boolean): string {
    if (!this.#begun) return last ? this.#before : ''
    return text === '' ? '' : this.#before + text + (last ? this.#after : '')
  }
}

/** Who goes on with a message waits until it is known how the upstream is asked for it, and fails where it does not. */
export const continuing =
  (name: string, can: Can): Strategy =>
  (model) =>
  async (prompt, scope) => {
    if (prompt.continues && !(await can('prefill', scope))) throw new BadRecipe(startsAnew(name))
    return model(prompt, scope)
  }

const startsAnew = (name: string) =>
  `${name} does not go on with an assistant's unfinished message, which this needs. If it does after all, say so with UPSTREAM_CAN.`
