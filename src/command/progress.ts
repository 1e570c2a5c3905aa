import type { Ledger } from '#core'
import { Line } from './line.ts'
import type { Output } from './paint.ts'

/** What is known of a request while it goes on, in one line at the foot of a terminal. */
export class Progress {
  /** What the request has spent; absent for one that another process answers. */
  ledger: Ledger | undefined
  readonly #line: Line
  readonly #now: () => number
  readonly #began: number
  readonly #votes = new Map<string, number>()
  #samples = 0
  #heard = ''

  constructor(output: Output, now: () => number = Date.now) {
    this.#line = new Line(output)
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
  say(text: string, output?: Output): void {
    this.#line.say(text, output)
  }

  endLine(): void {
    this.#line.endLine()
  }

  draw(): void {
    this.#line.draw(this.line)
  }

  clear(): void {
    this.#line.clear()
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
