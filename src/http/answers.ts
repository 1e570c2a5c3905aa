import type { Limits, Prompt } from '#core'
import type { Caller } from './engine.ts'
import type { Flights } from './flights.ts'

/** Something that is never done, for the requests that ask for it, or for all that do not refuse it. */
export type Mode = 'off' | 'asked' | 'on'

/** What makes two requests the same, so that one may be given the other's answer. */
export type Question = {
  /** In full names, the model in front. */
  readonly recipe: string
  readonly prompts: readonly Prompt[]
  /** How many answers are wanted. */
  readonly n: number
  readonly budget: Limits
  /** The client's own name for what sets it apart. */
  readonly key: string | undefined
}

/** Whole answers, for when the very same is asked again by the same caller. */
export type Answers = {
  readonly mode: Mode
  /** How long one is kept at the most. */
  readonly seconds: number
  /** Where requests for the same answer can be told of each other. */
  readonly flights?: Flights | undefined
  /** The place of one answer. */
  of(caller: Caller, question: Question): Place
}

/** Where the answer to one question is kept. */
export type Place = {
  /** Of what is asked, as a digest. */
  readonly key: Promise<string>
  /** What was written last. Rejects where that is out of reach. */
  read(): Promise<string | undefined>
  /** Never rejects: what cannot be kept is asked for again. */
  write(text: string, seconds: number): Promise<void>
}
