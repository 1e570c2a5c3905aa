import {
  type Completion,
  execute,
  type Prompt,
  type Run,
  type ScorerSpec,
  type Service,
  scoredBy,
  strategy,
} from '#core'
import { scorerOf } from '../../src/scorers/index.ts'
import { about, context, heard, question, type Script, scripted } from './scripted.ts'

export type Scene = {
  readonly prompt?: Prompt
  /** What the judge says. */
  readonly judge?: Script | readonly string[]
  readonly services?: Readonly<Record<string, Service>>
}

/** Does something with a scorer inside a strategy, and says what came of it, what was asked and what was noted. */
export async function scoring<T>(scorer: ScorerSpec, scene: Scene, work: (run: Run) => Promise<T>) {
  const judge = scripted(scene.judge ?? ['Score: 5'])
  let found: T | undefined
  const look = strategy('look', about, { scorer: scoredBy() }, async (run) => {
    found = await work(run)
    return { text: '', finish: 'stop' }
  })
  const { notes } = await heard(
    execute(look({ scorer })(judge.model), scene.prompt ?? question('?'), {
      ...context,
      scorers: scorerOf,
      can: async () => true,
      services: (name) => scene.services?.[name] ?? context.services(name),
    }),
  )
  return { found: found as T, judge, notes }
}

export const said = (text: string, more: Partial<Completion> = {}): Completion => ({ text, finish: 'stop', ...more })

/** The opinion of one candidate. */
export const opinionOf = async (scorer: ScorerSpec, candidate: Completion | string, scene: Scene = {}) =>
  (await scoring(scorer, scene, (run) => run.opinion(typeof candidate === 'string' ? said(candidate) : candidate)))
    .found

export const named = (id: string, options: Readonly<Record<string, unknown>> = {}) => ({ id, options })

/** A service that replies what it is told to, and remembers what it was asked. */
export function replying(reply: (body: Record<string, unknown>) => unknown, more: Partial<Service> = {}) {
  const bodies: Record<string, unknown>[] = []
  const service: Service = {
    ...more,
    ask: async (body) => {
      bodies.push(body as Record<string, unknown>)
      return reply(body as Record<string, unknown>)
    },
  }
  return Object.assign(service, { bodies })
}
