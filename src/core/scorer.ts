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
  /** It passed a check of the answer itself and not only of its form, so that no other candidate can be better. */
  readonly proven?: boolean
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

export type Service = {
  /** Which form of requests it takes, where there are several, and the model to name in them. */
  readonly kind?: string
  readonly model?: string
  /** Posts JSON and resolves to the JSON that comes back. Rejects with UpstreamFailed. */
  ask(body: unknown, scope: Scope): Promise<unknown>
}

/** Tells how good candidates are. */
export type Scorer = ScorerTraits & {
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

/** What those who use a scorer need to know of it. */
export type ScorerTraits = {
  /** Whether it passes or fails candidates, so that in a list it is a gate before the others. */
  readonly gate?: boolean
  /** What its score counts for beside others, 1 if absent. */
  readonly weight?: number
  /** What samples must be asked for in the request, so that it has something to score. */
  readonly asks?: Asks
  /** What the upstream must be able to do; without it the strategy is refused. */
  readonly needs?: readonly Capability[]
}

/** Fields of a request that a scorer adds to it. */
export type Asks = Readonly<Record<string, unknown>>

/** A scorer as it is named: `judge`, `judge(votes=3)`, or `[verify, judge]`. */
export type ScorerSpec =
  | string
  | { readonly id: string; readonly options: Readonly<Record<string, unknown>> }
  | readonly ScorerSpec[]

const one = z.union([z.string(), z.object({ id: z.string(), options: z.record(z.string(), z.unknown()) })])

/** An option that names a scorer, for strategies that call `run.score` or `run.compare`; the core binds it. */
export const scoredBy = (spec: ScorerSpec = 'judge') =>
  (z.union([one, z.array(one).min(1).max(8)]) as unknown as z.ZodType<ScorerSpec>)
    .default(spec)
    .describe('What tells good answers from bad ones, or several of them in a list.')

/** What there is to know of a scorer before it is used. */
export type ScorerAbout = {
  /** One sentence. */
  readonly does: string
  /** (authors, year), or the specification it follows. */
  readonly source?: string
  /** What it costs for each candidate, as a formula over its options. */
  readonly calls: string
  /** What a comparison of two costs, likewise; twice a score where it does not compare. */
  readonly compare?: string
} & Pick<ScorerTraits, 'gate' | 'asks' | 'needs'>

/** The option that every scorer has beside its own. */
type Weighted<S extends z.ZodRawShape> = S & { weight: typeof weight }
const weight = z.number().min(0).max(100).default(1)

/** A named scorer: call it with options and it scores. */
export type ScorerFactory<S extends z.ZodRawShape = z.ZodRawShape> = {
  (options?: z.input<z.ZodObject<Weighted<S>>>): Scorer
  readonly id: string
  readonly about: ScorerAbout
  readonly schema: z.ZodObject<Weighted<S>>
}

/** Names a way of telling good candidates from bad ones. */
export function scorer<S extends z.ZodRawShape>(
  id: string,
  about: ScorerAbout,
  options: S,
  make: (options: z.output<z.ZodObject<S>>) => Scorer,
): ScorerFactory<S> {
  const schema = z.strictObject({ ...options, weight })
  const { gate, asks, needs } = about
  const traits = { ...(gate ? { gate } : {}), ...(asks ? { asks } : {}), ...(needs ? { needs } : {}) }
  const factory = (given: z.input<typeof schema> = {} as z.input<typeof schema>): Scorer => {
    const { weight, ...own } = schema.parse(given) as z.output<z.ZodObject<S>> & { weight: number }
    return { ...traits, weight, ...make(own as unknown as z.output<z.ZodObject<S>>) }
  }
  return Object.assign(factory, { id, about, schema }) as ScorerFactory<S>
}
