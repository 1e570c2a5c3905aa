import type { ToolCall } from '#core'
import type { ToolCallDelta } from './wire.ts'

/** Puts tool calls together that come in pieces: a name first, then its arguments bit by bit. */
export class ToolCalls {
  readonly #calls = new Map<number, { id: string; type: string; function: { name: string; arguments: string } }>()

  /** The number of characters heard. `position` is the place in its message, for a call that says neither place nor id. */
  hear(
    { index, id, type, function: { name = '', arguments: text = '' } = {} }: ToolCallDelta,
    position: number,
  ): number {
    const at = index ?? (id ? this.#placeOf(id) : position)
    const call = this.#calls.get(at) ?? { id: '', type: 'function', function: { name: '', arguments: '' } }
    this.#calls.set(at, call)
    if (id) call.id = id
    if (type) call.type = type
    call.function.name += name
    call.function.arguments += text
    return name.length + text.length
  }

  inOrder(): readonly ToolCall[] {
    return [...this.#calls].sort(([a], [b]) => a - b).map(([, call]) => call)
  }

  /** Some servers send whole calls one by one and do not count them. */
  #placeOf(id: string): number {
    for (const [at, call] of this.#calls) if (call.id === id) return at
    return Math.max(-1, ...this.#calls.keys()) + 1
  }
}
