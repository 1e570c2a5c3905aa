import { type Completion, goOn, type Prompt, type Run, type ScorerSpec, say } from '#core'
import { conclusion, nextStep, withStep } from './next-step.ts'
import { type Found, tell } from './tree.ts'
import { varied } from './varied.ts'

/** The beginning of an answer, or with `answer` the whole of one. */
export type Path = {
  readonly id: number
  readonly parent: number
  readonly text: string
  readonly thinking: string
  /** Nothing is left but to answer, for a model that was asked for its steps in words. */
  readonly ready?: boolean
  readonly answer?: Completion
  /** What added the last step. */
  readonly said?: Completion
  readonly score?: number | undefined
}

/** How many ways to go on from where. */
export type Fork = { readonly path: Path; readonly n: number }

export const root: Path = { id: 0, parent: 0, text: '', thinking: '' }
export const isWhole = (path: Path): path is Path & Found => path.answer !== undefined

/**
 * Extends answers by one step at a time: where the upstream goes on with an unfinished answer, up to the next blank line,
 * else by asking for a step in words.
 */
export async function stepwise(run: Run, scorer: ScorerSpec): Promise<Steps> {
  const prefills = await run.can('prefill')
  if (!prefills)
    run.note('This upstream does not go on with an unfinished answer; steps asked for in words are not as good.')
  return new Steps(run, prefills, asksJudge(scorer))
}

class Steps {
  readonly #run: Run
  readonly #question: Prompt
  readonly #prefills: boolean
  /** A judge must be told that more is to come; a reward model has learnt to see beginnings. */
  readonly #partly: Prompt
  /** The same prompt for the same path, whose draws then differ. */
  readonly #prompts = new Map<string, Prompt>()
  readonly #scores = new Map<string, Promise<number | undefined>>()
  #grown = 0

  constructor(run: Run, prefills: boolean, judged: boolean) {
    this.#run = run
    this.#prefills = prefills
    this.#question = varied(run)
    this.#partly = judged ? say(run.prompt, 'user', partly) : run.prompt
  }

  /** Whether answers must be finished now: the last step, or the last that can be paid for. */
  isLast(step: number, most: number, width: number): boolean {
    return step >= most || this.#run.left.calls < 4 * width
  }

  /** The ways on from each fork, scored. Those that fail are left out. With `last` all of them are whole answers. */
  async extend(forks: readonly Fork[], last: boolean): Promise<Path[][]> {
    const grown: Path[][] = forks.map(() => [])
    const drawn = await this.#run.attempt(forks, async ({ path, n }, at) => {
      const prompt = this.#prompt(path, last)
      return { at, path, completions: await this.#run.samples(n, { prompt }).all() }
    })
    for (const { at, path, completions } of drawn) grown[at] = completions.map((one) => this.#longer(path, one, last))
    return this.#run.each(grown, (paths) =>
      this.#run.each(paths, async (path) => ({ ...path, score: await this.#score(path) })),
    )
  }

  #prompt({ text, thinking, ready = false }: Path, last: boolean): Prompt {
    const key = JSON.stringify([text, thinking !== '', ready || last])
    const known = this.#prompts.get(key)
    if (known) return known
    const prompt = this.#prefills ? this.#prefill(text, thinking !== '', last) : this.#inWords(text, ready || last)
    this.#prompts.set(key, prompt)
    return prompt
  }

  /** Whoever has thought is shown that this is over, and not the thoughts. */
  #prefill(text: string, thought: boolean, last: boolean): Prompt {
    const { stop = [] } = this.#question
    const prompt = last ? this.#question : { ...this.#question, stop: [...stop, blankLine] }
    return text ? goOn(prompt, `${thought ? noThoughts : ''}${text}${blankLine}`) : prompt
  }

  #inWords(text: string, last: boolean): Prompt {
    return last ? conclusion(this.#question, text) : nextStep(this.#question, text)
  }

  #longer(path: Path, said: Completion, last: boolean): Path {
    const id = ++this.#grown
    const thinking = [path.thinking, said.thinking].filter(Boolean).join('\n')
    const more = { id, parent: path.id, thinking, said }
    const longer = this.#prefills ? this.#continued(path, said) : this.#told(path, said, last)
    if ('answer' in longer) {
      const answer = { ...longer.answer, ...(thinking ? { thinking } : {}), index: id - 1 }
      this.#run.keep(answer, 1)
      return { ...more, text: answer.text, answer }
    }
    this.#run.keep({ text: longer.text, finish: 'length', index: id - 1 })
    return { ...more, ...longer }
  }

  #continued({ text }: Path, said: Completion): Longer {
    const longer = [text, said.text.trim() && said.text].filter(Boolean).join(blankLine)
    const goesOn = said.stopped === blankLine && !this.#question.stop?.includes(blankLine)
    return goesOn ? { text: longer } : { answer: { ...said, text: longer } }
  }

  #told({ text, ready }: Path, said: Completion, last: boolean): Longer {
    if (ready || last) return { answer: said }
    const { steps, done } = withStep(text, said.text)
    return { text: steps, ready: done }
  }

  /** The same words are scored once. */
  #score({ text, answer, id }: Path): Promise<number | undefined> {
    const key = answer?.toolCalls ? `${id}` : JSON.stringify([text, answer !== undefined])
    const known = this.#scores.get(key)
    if (known) return known
    const candidate = answer ?? { text, finish: 'length', index: id - 1 }
    const score = this.#run.score(candidate, answer ? this.#run.prompt : this.#partly)
    this.#scores.set(key, score)
    score.then(
      (found = 0) => this.#run.keep(candidate, answer ? 1 + found : found),
      () => {},
    )
    return score
  }
}

type Longer = { readonly text: string; readonly ready?: boolean } | { readonly answer: Completion }

/** Notes what grew, and which of it is followed. */
export function tellAll(run: Run, grown: readonly Path[], followed: readonly Path[]): void {
  for (const path of grown) {
    const pruned = !path.answer && !followed.includes(path)
    const { id: node, parent, score, said: of, answer } = path
    const whole = answer !== undefined
    tell(run, { node, parent, score, pruned, of, whole }, whole ? 'a whole answer' : undefined)
  }
}

/** The first of each text. */
export const distinct = (paths: readonly Path[]): Path[] =>
  paths.filter(({ text }, at) => paths.findIndex((other) => other.text === text) === at)

const asksJudge = (spec: ScorerSpec): boolean => {
  if (typeof spec === 'string') return spec === 'judge'
  return 'id' in spec ? spec.id === 'judge' : spec.some(asksJudge)
}

const blankLine = '\n\n'
const noThoughts = '<think>\n\n</think>\n\n'
const partly = `Only the beginning of an answer is there yet, and the rest is to come. Grade whether it is right so far and \
leads to a correct answer, not whether it is complete.`
