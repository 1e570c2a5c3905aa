import * as z from 'zod'
import { rankBy, strategy } from '#core'
import { conclusion } from './parts/next-step.ts'
import { type State, Thoughts } from './parts/thoughts.ts'
import { tell } from './parts/tree.ts'

const few = z.int().min(1).max(16)

export const treeOfThoughts = strategy(
  'tree-of-thoughts',
  {
    does: 'Searches over steps of thought, breadth or depth first: proposes, values, keeps the best few, and concludes.',
    source: 'Yao et al., 2023',
    aliases: ['tot'],
    calls: 'max(depth * beam, limit) * breadth * (1 + evaluations) + 1',
    depth: '2 * max(depth, limit) + 1',
  },
  {
    depth: few.default(3),
    breadth: z.int().min(1).max(64).default(3).describe('Ways on from each state.'),
    beam: few.default(2).describe('States that breadth-first search follows at each depth.'),
    evaluations: few.default(1),
    search: z.enum(['breadth', 'depth']).default('breadth'),
    generate: z
      .enum(['propose', 'sample'])
      .default('sample')
      .describe('One call that lists several ways on, or several calls for one.'),
    evaluate: z.enum(['value', 'vote']).default('value').describe('Each state by itself, or one vote among all.'),
    threshold: z
      .number()
      .min(0)
      .max(20)
      .default(0.5)
      .describe('Depth-first search turns back at a value below it: sure is 20, likely 1, impossible 0.001.'),
    limit: z.int().min(1).max(100).default(6).describe('States that depth-first search goes on from.'),
  },
  async (run, { depth, beam, search, threshold, limit, ...thinking }) => {
    const thoughts = new Thoughts(run, thinking)
    const { steps } = await (search === 'depth' ? depthFirst() : breadthFirst())
    return run.answer(conclusion(run.prompt, steps))

    async function breadthFirst(): Promise<State> {
      let frontier: readonly State[] = [thoughts.start]
      for (let step = 1; step <= depth && affords(frontier.length); step++) {
        const proposed = kept(await thoughts.next(frontier))
        if (proposed.every(({ steps }) => frontier.some((state) => state.steps === steps))) break
        await thoughts.valued(proposed)
        frontier = rankBy(proposed, thoughts.valueOf).slice(0, beam)
        for (const state of proposed) grown(state, !frontier.includes(state))
        run.note(`Step ${step}: ${proposed.length} ways forward, the best ${frontier.length} are followed.`)
      }
      return frontier[0]!
    }

    /** The best way on first, and back to the next best where none leads on. */
    async function depthFirst(): Promise<State> {
      const open = [thoughts.start]
      let reached = thoughts.start
      for (let visits = 0; open.length > 0; visits++) {
        const state = open.pop()!
        if (state.level > reached.level) reached = state
        if (state.done || state.level === depth) return state
        if (visits === limit || !affords(1)) break
        const proposed = kept(await thoughts.next([state]))
        await thoughts.valued(proposed)
        const ways = rankBy(proposed, thoughts.valueOf).filter((way) => !thoughts.isHopeless(way, threshold))
        for (const way of proposed) grown(way, !ways.includes(way))
        if (ways.length === 0) run.note(`Nothing leads on from node ${state.id}, so the search turns back.`)
        open.push(...ways.toReversed())
      }
      return reached
    }

    /** One call must be left to conclude with. */
    function affords(states: number): boolean {
      return run.left.calls > thoughts.cost(states)
    }

    /** The furthest states are the best so far until there is an answer. */
    function kept(states: readonly State[]): readonly State[] {
      for (const { steps, level } of states) if (steps) run.keep({ text: steps, finish: 'length' }, level)
      return states
    }

    function grown(state: State, pruned: boolean): void {
      tell(run, { node: state.id, parent: state.parent, score: thoughts.valueOf(state), pruned, text: state.steps })
    }
  },
)
