import {
  type Event,
  evaluate,
  execute,
  type Limits,
  type Opinion,
  type Prompt,
  type Scorer,
  type StrategyFactory,
} from '#core'
import { type Call, context, heard, type Line, type Script, Scripted } from './scripted.ts'

/** Whether a call is for the judge. */
export const judging = ({ prompt }: Call): boolean => String(prompt.messages[0]?.content).startsWith('Grade an answer')

/** The words that the judge is to grade. */
export const candidateIn = ({ prompt }: Call): string =>
  /<candidate>\n([\s\S]*)\n<\/candidate>/.exec(String(prompt.messages[0]?.content))?.[1] ?? ''

/** A model that answers by `answer`, and grades by `grade`: 0 to 1, or nothing that could be read. */
export const graded = (
  answer: Script,
  grade: (candidate: string, call: Call) => number | undefined | Promise<number>,
): Scripted =>
  new Scripted(async (call): Promise<Line> => {
    if (!judging(call)) return answer(call)
    const found = await grade(candidateIn(call), call)
    return found === undefined ? 'I cannot tell.' : `Fine.\nScore: ${(found * 10).toFixed(4)}`
  })

export type Search = {
  readonly limits?: Limits
  readonly can?: readonly string[]
  readonly models?: Readonly<Record<string, Scripted>>
  /** Gives its opinion in the judge's place, and asks nobody. */
  readonly opinion?: (candidate: string) => Opinion | undefined
}

/** What a strategy makes of a prompt, and all that happened. */
export const searched = (
  factory: StrategyFactory,
  options: Readonly<Record<string, unknown>>,
  upstream: Scripted,
  prompt: Prompt,
  { limits = {}, can = [], models = {}, opinion }: Search = {},
) =>
  heard(
    execute(factory(options)(upstream.model), prompt, {
      ...context,
      ...(opinion ? { scorers: (): Scorer => ({ score: async (_, { text }) => opinion(text) }) } : {}),
      limits,
      can: async (capability) => can.includes(capability),
      models: (name) => models[name]!.model,
    }),
  )

/** The tree that the notes tell of. */
export const treeOf = (events: readonly Event[]) =>
  events.flatMap((event) => (event.type === 'note' && isNode(event.data) ? [event.data] : []))

export type NodeData = {
  node: number
  parent: number
  score?: number
  pruned?: boolean
  text?: string
  span?: string
  whole?: boolean
}
const isNode = (data: unknown): data is NodeData => typeof data === 'object' && data !== null && 'node' in data

/** How deep each node of a tree lies; the question at 0. */
export function depthsOf(tree: readonly NodeData[]): Map<number, number> {
  const depths = new Map([[0, 0]])
  for (const { node, parent } of tree) depths.set(node, depths.get(parent)! + 1)
  return depths
}

/** What a strategy costs with a judge that costs one call, by its own formulas. */
export function stated({ about, schema }: StrategyFactory, options: Readonly<Record<string, unknown>>) {
  const numbers = Object.entries(schema.parse(options)).filter(([, value]) => typeof value === 'number')
  const values = { ...Object.fromEntries(numbers), score: 1, compare: 1 }
  return { calls: evaluate(about.calls, values), depth: evaluate(about.depth, values) }
}

/** What it costs really: all that is asked at one time is answered at one time, and the times are counted. */
export async function measured(
  factory: StrategyFactory,
  options: Readonly<Record<string, unknown>>,
  upstream: Scripted,
  prompt: Prompt,
  search: Search = {},
) {
  const waiting: (() => void)[] = []
  const slow = new Scripted(async ({ prompt, scope }) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return upstream.model(prompt, scope)
  })
  let done = false
  const result = searched(factory, options, slow, prompt, search).finally(() => {
    done = true
  })
  result.catch(() => {})
  let depth = 0
  for (;;) {
    // A macrotask: whatever could be asked by now has been.
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (done) break
    if (waiting.length > 0) depth++
    for (const go of waiting.splice(0)) go()
  }
  return { calls: slow.calls.length, depth, ...(await result) }
}
