import { words } from './svg.ts'

/** Names beside marks, each above or below its own, where no other is in the way. */
export class Labels {
  readonly #placed: { readonly from: number; readonly to: number; readonly y: number }[] = []

  /** `top` and `bottom` are the ends of the mark. */
  place(text: string, x: number, top: number, bottom: number): string {
    const width = 7 * text.length
    const from = Math.min(Math.max(x - width / 2, 52), 516 - width)
    const free = (y: number) =>
      this.#placed.every((other) => from > other.to || from + width < other.from || Math.abs(other.y - y) > 13)
    const tries = [top - 6, bottom + 14, top - 20, bottom + 28, top - 34, bottom + 42]
    const y = tries.find(free) ?? top - 6
    this.#placed.push({ from, to: from + width, y })
    return words(from + width / 2, y, text, { 'text-anchor': 'middle', class: 'label' })
  }
}
