import type { Bank } from '../eval/bank.ts'
import type { Watch } from '../eval/evaluate.ts'
import { Line } from './line.ts'
import type { Output } from './paint.ts'
import { counted } from './progress.ts'

/** How far an evaluation is, in a line at the foot of a terminal. */
export class EvalProgress implements Watch {
  readonly #line: Line
  readonly #bank: Bank
  readonly #now: () => number
  readonly #ticking: ReturnType<typeof setInterval>
  #began = 0
  #known = 0
  #done = 0
  #lost = 0
  #of = 0

  constructor(output: Output, bank: Bank, now: () => number = Date.now) {
    this.#line = new Line(output)
    this.#bank = bank
    this.#now = now
    this.#ticking = setInterval(() => this.#draw(), 200)
  }

  begin(changed: readonly string[], known: number, of: number): void {
    for (const sentence of changed) this.#line.say(`${sentence}\n`)
    if (known > 0 && known < of) this.#line.say(`Going on: ${known} of ${counted(of, 'answer')} are there already.\n`)
    this.#began = this.#now()
    this.#known = known
    this.#of = of
  }

  heard(outcome: object): void {
    if ('error' in outcome) this.#lost++
    else this.#done++
  }

  end(): void {
    clearInterval(this.#ticking)
    this.#line.clear()
  }

  get line(): string {
    const came = this.#done + this.#lost
    const part = this.#of === 0 ? 0 : (this.#known + came) / this.#of
    const ms = this.#now() - this.#began
    const left = this.#of - this.#known - came
    return [
      `${bar(part)} ${Math.floor(100 * part)} %`,
      `${this.#known + came} of ${counted(this.#of, 'answer')}`,
      counted(this.#bank.drawn, 'sample'),
      ...(this.#lost > 0 ? [`${this.#lost} failed`] : []),
      clock(ms),
      ...(came > 0 && left > 0 ? [`about ${clock((ms / came) * left)} left`] : []),
    ].join(' · ')
  }

  #draw(): void {
    if (this.#of > 0) this.#line.draw(this.line)
  }
}

const width = 20

function bar(part: number): string {
  const full = Math.round(part * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes >= 60
    ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
    : `${minutes}:${String(seconds % 60).padStart(2, '0')}`
}
