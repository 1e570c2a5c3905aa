import { type Output, painter } from './paint.ts'

/**
 * One line at the foot of a terminal that tells how something goes on. It is only drawn where a line begins, and gives
 * way to whatever is said. On anything but a terminal nothing is drawn.
 */
export class Line {
  readonly #output: Output
  #drawn = false
  #midLine = false

  constructor(output: Output) {
    this.#output = output
  }

  /** Writes words, here or on another output of the same terminal. */
  say(text: string, output: Output = this.#output): void {
    if (text === '') return
    this.clear()
    output.write(text)
    if (output === this.#output || output.isTTY) this.#midLine = !text.endsWith('\n')
  }

  /** Whatever comes next stands in a line of its own. */
  endLine(): void {
    if (this.#midLine) this.say('\n')
  }

  draw(line: string): void {
    if (!this.#output.isTTY || this.#midLine) return
    const width = (this.#output.columns || 80) - 1
    const cut = line.length > width ? `${line.slice(0, width - 1)}…` : line
    this.#output.write(`\r\x1b[2K${painter(this.#output)('dim', cut)}`)
    this.#drawn = true
  }

  clear(): void {
    if (this.#drawn) this.#output.write('\r\x1b[2K')
    this.#drawn = false
  }
}
