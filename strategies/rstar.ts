import * as z from 'zod'
import { type Completion, type Prompt, rankBy, strategy, voting } from '#core'
import { type Action, asks, follows, inNotes } from './parts/actions.ts'
import { conclusion, withStep } from './parts/next-step.ts'
import { best, concluded, type Found, tell } from './parts/tree.ts'
import { varied } from './parts/varied.ts'

export const rstar = strategy(
  'rstar',
  {
    does: 'Searches over five kinds of reasoning steps, and trusts an answer that is reached again from half of its way.',
    source: 'Qi et al., 2024',
    calls: 'rollouts * (depth + 1)',
    depth: 'rollouts * depth + 1',
  },
  {
    rollouts: z.int().min(1).max(32).default(8),
    depth: z.int().min(1).max(8).default(4).describe('Steps to an answer, that of answering among them.'),
    c: z.number().min(0).max(10).default(1.4),
    discriminator: z
      .string()
      .optional()
      .describe('The model that goes the second half again; by default the same one.'),
    ...voting(),
  },
  async (run, { rollouts, depth, c, discriminator }) => {
    const question = varied(run)
    const tally = run.tally()
    const root: Node = { id: 0, depth: 0, steps: '', children: new Map(), visits: 0, total: 0 }
    const ways: Way[] = []
    let grown = 0
    for (let rollout = 1; rollout <= rollouts; rollout++) await run.attempt([root], walk)

    const halves = ways.map((way) => ({ way, prompt: conclusion(question, halfOf(way, run.random())) }))
    const checked = await run.attempt(halves, async ({ way, prompt }, i) => {
      const second = { ...(await run.sample(prompt, discriminator)), index: ways.length + i }
      tally.add(second)
      return { way, second }
    })
    const confirmed = checked.flatMap(({ way, second }) => (groupOf(way.answer).includes(second) ? [valued(way)] : []))
    run.note(`${confirmed.length} of ${ways.length} answers were reached again from a part of their way.`)
    if (confirmed.length > 0) return best(run, tally, confirmed)
    return concluded(run, ways, 'weighted')

    /** One rollout: on to an answer, whose agreement with the others is what every step to it is rewarded with. */
    async function walk(start: Node): Promise<void> {
      const path = [start]
      while (path.at(-1)!.action !== 'answer') path.push(await next(path.at(-1)!))
      const end = path.at(-1)!
      end.prompt ??= conclusion(question, end.steps)
      const answer = { ...(await run.sample(end.prompt)), index: ways.length }
      tally.add(answer)
      ways.push({ end, answer })
      run.keep(tally.winner, ways.length)
      const reward = groupOf(answer).length / (tally.heard + 1)
      for (const node of path) {
        node.visits++
        node.total += reward
      }
    }

    /** An untried action at random, else the one with the highest upper confidence bound. */
    async function next(node: Node): Promise<Node> {
      const ending = node.done || node.depth >= depth - 1 || run.left.calls < 2
      const allowed = ending ? (['answer'] as const) : follows[node.action ?? 'start']
      const untried = allowed.filter((action) => !node.children.has(action))
      if (untried.length > 0) return take(node, untried[Math.floor(run.random() * untried.length)]!)
      const bound = ({ total, visits }: Node) =>
        visits === 0 ? Infinity : total / visits + c * Math.sqrt(Math.log(node.visits) / visits)
      return rankBy([...node.children.values()], bound)[0]!
    }

    async function take(node: Node, action: Action): Promise<Node> {
      const said = action === 'answer' ? '' : (await run.sample(asks[action](question, node.steps))).text
      const { steps, done } = withStep(node.steps, said)
      const child = {
        id: ++grown,
        depth: node.depth + 1,
        action,
        steps,
        done,
        children: new Map(),
        visits: 0,
        total: 0,
      }
      node.children.set(action, child)
      // Less than any answer.
      if (steps) run.keep({ text: steps, finish: 'length' }, child.depth / (depth + 1))
      tell(run, { node: child.id, parent: node.id, text: steps }, inNotes[action])
      return child
    }

    function groupOf(answer: Completion): readonly Completion[] {
      return tally.groups.find(({ members }) => members.includes(answer))?.members ?? []
    }

    /** The reward of the way times the share of all ways that agree with it. */
    function valued({ end, answer }: Way): Found {
      const agreed = ways.filter((other) => groupOf(answer).includes(other.answer)).length
      return { answer, depth: end.depth, score: ((end.total / end.visits) * agreed) / ways.length }
    }
  },
)

/** The beginning of a way and its answer, up to somewhere between a fifth and four fifths. */
function halfOf({ end: { steps }, answer: { text } }: Way, random: number): string {
  const pieces = [...steps.split('\n'), ...text.split(/\n{2,}/)].filter((piece) => piece.trim() !== '')
  return pieces.slice(0, Math.min(pieces.length - 1, Math.floor(pieces.length * (0.2 + 0.6 * random)))).join('\n')
}

type Node = {
  readonly id: number
  readonly depth: number
  readonly action?: Action
  readonly steps: string
  /** Nothing is left but to answer. */
  readonly done?: boolean
  readonly children: Map<Action, Node>
  prompt?: Prompt
  visits: number
  total: number
}
type Way = { readonly end: Node; readonly answer: Completion }
