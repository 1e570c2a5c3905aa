import type { Ledger } from '#core'
import { type Output, painter } from './paint.ts'

/**
 * What is known of a request while it goes on, in one line at the foot of a terminal. The line is only drawn where a line
 * begins, and gives way to whatever is said. On anything but a terminal nothing is drawn.
 */
export class Progress {
  /** What the request has spent; absent for one that another process answers. */
  ledger: Ledger | undefined
  readonly #output: Output
  readonly #now: () => number
  readonly #began: number
  readonly #votes = new Map<string, number>()
  #samples = 0
  #heard = ''
  #drawn = false
  #midLine = false

  constructor(output: Output, now: () => number = Date.now) {
    this.#output = output
    this.#now = now
    this.#began = now()
  }

  /** Reads the story that the thinking tells: which sample answered what. */
  hear(thinking: string): void {
    const lines = (this.#heard + thinking).split('\n')
    this.#heard = lines.pop()!
    for (const line of lines) {
      const [, answer] = /^Sample \d+: (.+?)(?:, scored [\d.]+)?\.$/.exec(line) ?? []
      if (answer === undefined) continue
      this.#samples++
      if (!answer.startsWith('no answer')) this.#votes.set(answer, (this.#votes.get(answer) ?? 0) + 1)
    }
  }

  /** Writes words of the request, here or on another output of the same terminal. */
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

  draw(): void {
    if (!this.#output.isTTY || this.#midLine) return
    const width = (this.#output.columns || 80) - 1
    const line = this.line
    const cut = line.length > width ? `${line.slice(0, width - 1)}…` : line
    this.#output.write(`\r\x1b[2K${painter(this.#output)('dim', cut)}`)
    this.#drawn = true
  }

  clear(): void {
    if (this.#drawn) this.#output.write('\r\x1b[2K')
    this.#drawn = false
  }

  get line(): string {
    const { calls = 0, usage: { input = 0, output = 0 } = {} } = this.ledger ?? {}
    const votes = [...this.#votes].sort(([, a], [, b]) => b - a).slice(0, 5)
    return [
      `${((this.#now() - this.#began) / 1000).toFixed(1)} s`,
      ...(calls > 0 ? [counted(calls, 'call')] : []),
      ...(this.#samples > 0 ? [counted(this.#samples, 'sample')] : []),
      ...(input + output > 0 ? [counted(input + output, 'token')] : []),
      ...(votes.length > 0 ? [votes.map(([answer, count]) => `${answer} ×${count}`).join(', ')] : []),
    ].join(' · ')
  }
}

export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
