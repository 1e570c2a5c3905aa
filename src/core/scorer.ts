import * as z from 'zod'
import type { Capability } from './capability.ts'
import type { Completion, Model, Prompt } from './model.ts'
import type { Scope } from './scope.ts'

/** What a scorer thinks of a candidate. */
export type Opinion = {
  /** How good it is, in [0, 1]. */
  readonly score: number
  /** Whether it passed, where the scorer checks and does not judge. */
  readonly pass?: boolean
  /** Why, in a few words. */
  readonly detail?: string
}

/** What a scorer sees beside the candidate. */
export type ScoreContext = {
  /** Every completion of the same question drawn so far, the candidate among them. */
  readonly among: readonly Completion[]
  /** The model to ask for a judgement: the bare upstream model, never the strategy that asks for the score. */
  readonly judge: Model
  /** A service that the operator has set up, by name. Throws BadRecipe that says how, if there is none. */
  readonly service: (name: ServiceName) => Service
  readonly scope: Scope
}

/** Something beside the model that can tell a good answer: a reward model, a verifier that runs tests. */
export const serviceNames = ['reward', 'verify'] as const
export type ServiceName = (typeof serviceNames)[number]

/** Posts JSON to a service and resolves to the JSON it answers with. Rejects with UpstreamFailed. */
export type Service = (body: unknown, scope: Scope) => Promise<unknown>

/** Tells how good candidates are. */
export type Scorer = {
  /** `undefined` where it could not be told, which is not the same as 0. */
  score(question: Prompt, candidate: Completion, context: ScoreContext): Promise<Opinion | undefined>
  /** 1 where `a` is better, 0 where `b` is, 0.5 for a tie; absent where candidates are only scored one by one. */
  compare?(question: Prompt, a: Completion, b: Completion, context: ScoreContext): Promise<number | undefined>
  /** Which of some tests a candidate passes; absent where the scorer runs none. */
  check?(
    question: Prompt,
    candidate: Completion,
    tests: readonly string[],
    context: ScoreContext,
  ): Promise<readonly boolean[]>
}

/** A scorer as it is named: `judge`, `judge(votes=3)`, or `[verify, judge]`. */
export type ScorerSpec =
  | string
  | { readonly id: string; readonly options: Readonly<Record<string, unknown>> }
  | readonly ScorerSpec[]

const one = z.union([z.string(), z.object({ id: z.string(), options: z.record(z.string(), z.unknown()) })])

/** An option that names a scorer, for strategies that call `run.score` or `run.compare`; the core binds it. */
export const scoredBy = (spec: ScorerSpec = 'judge') =>
  (z.union([one, z.array(one).min(1).max(8)]) as unknown as z.ZodType<ScorerSpec>).default(spec)

/** What there is to know of a scorer before it is used. */
export type ScorerAbout = {
  /** One sentence. */
  readonly does: string
  /** (authors, year), or the specification it follows. */
  readonly source?: string
  /** What it costs for each candidate, as a formula over its options. */
  readonly calls: string
  readonly needs?: readonly Capability[]
  /** Whether it passes or fails candidates, so that in a list it is a gate before the others. */
  readonly gate?: true
}

/** A named scorer: call it with options and it scores. */
export type ScorerFactory<S extends z.ZodRawShape = z.ZodRawShape> = {
  (options?: z.input<z.ZodObject<S>>): Scorer
  readonly id: string
  readonly about: ScorerAbout
  readonly schema: z.ZodObject<S>
}

/** Names a way of telling good candidates from bad ones. */
export function scorer<S extends z.ZodRawShape>(
  id: string,
  about: ScorerAbout,
  options: S,
  make: (options: z.output<z.ZodObject<S>>) => Scorer,
): ScorerFactory<S> {
  const schema = z.strictObject(options)
  const factory = (given: z.input<z.ZodObject<S>> = {} as z.input<z.ZodObject<S>>) => make(schema.parse(given))
  return Object.assign(factory, { id, about, schema })
}
