import type { Completion, Prompt, Usage } from '#core'
import { keyOf } from '../upstream/key.ts'
import { digest } from './digest.ts'
import type { Journal } from './journal.ts'

/** What the model said once, and what it took. */
export type Sample = {
  readonly completion: Completion
  /** Milliseconds from the question to its last word, among all that was asked at the same time, its turn awaited. */
  readonly ms: number
  /** What it would cost by itself. */
  readonly usage: Usage
  /** Whether several were asked for in one request, which the prompt's tokens are counted for once. */
  readonly together: boolean
}

/** Which sample: draw i of a prompt is the same one in whatever recipe. */
export type Place = { readonly model: string; readonly prompt: string; readonly draw: string }

/** A line of samples.jsonl: a sample when it came, and, when its request had ended, what it took. */
export type BankEntry = Place & Partial<Sample>

/** Samples by model, prompt and draw, kept in a file as they come: each is drawn once, in this run and in all later ones. */
export class Bank {
  readonly #journal: Journal<BankEntry>
  readonly #samples = new Map<string, Sample>()
  readonly #drawing = new Map<string, Promise<Sample>>()
  /** How many were drawn in this run. */
  drawn = 0

  constructor(journal: Journal<BankEntry>) {
    this.#journal = journal
    for (const [name, sample] of samplesIn(journal.entries)) this.#samples.set(name, sample)
  }

  peek(place: Place): Sample | undefined {
    return this.#samples.get(nameOf(place))
  }

  /** The draws of a prompt from the first on, up to the first that is not there. */
  inOrder(model: string, prompt: Prompt): readonly Sample[] {
    const samples: Sample[] = []
    const place = { model, prompt: promptName(prompt) }
    for (let at = 0; ; at++) {
      const sample = this.peek({ ...place, draw: String(at) })
      if (!sample) return samples
      samples.push(sample)
    }
  }

  /** The sample at a place, drawn if it is not there. `heard` of what is drawn is kept even if its price never comes. */
  draw(
    place: Place,
    work: (heard: (said: Pick<Sample, 'completion' | 'ms'>) => Promise<void>) => Promise<Sample>,
  ): Promise<Sample> {
    const name = nameOf(place)
    const known = this.#samples.get(name)
    if (known) return Promise.resolve(known)
    const under = this.#drawing.get(name) ?? this.#drawn(place, work).finally(() => this.#drawing.delete(name))
    this.#drawing.set(name, under)
    return under
  }

  async #drawn(
    place: Place,
    work: (heard: (said: Pick<Sample, 'completion' | 'ms'>) => Promise<void>) => Promise<Sample>,
  ): Promise<Sample> {
    const sample = await work((said) => this.#journal.append({ ...place, ...said }))
    this.drawn++
    this.#samples.set(nameOf(place), sample)
    await this.#journal.append({ ...place, usage: sample.usage, together: sample.together })
    return sample
  }
}

/** The samples in a bank's lines, by the names of their places. */
function samplesIn(entries: readonly BankEntry[]): ReadonlyMap<string, Sample & Place> {
  const samples = new Map<string, Sample & Place>()
  for (const entry of entries) {
    const name = nameOf(entry)
    const before = samples.get(name)
    if (before) samples.set(name, { ...before, ...entry })
    else if (entry.completion)
      samples.set(name, {
        ms: 0,
        together: false,
        ...entry,
        completion: entry.completion,
        usage: entry.usage ?? guessed(entry.completion),
      })
  }
  return samples
}

export const promptName = (prompt: Prompt): string => digest(keyOf(prompt))

/** The first draw is the first whether it was drawn by itself or as one of several, since it has the same seed. */
export const drawName = (draws: readonly number[]): string =>
  draws.every((draw) => draw === 0) ? '0' : draws.join('.')

const nameOf = ({ model, prompt, draw }: Place) => `${model}\n${prompt}\n${draw}`

/** For one whose request did not end. */
const guessed = ({ text, thinking = '' }: Completion): Usage => ({
  input: 0,
  output: Math.ceil((text.length + thinking.length) / 4),
  estimated: true,
})
