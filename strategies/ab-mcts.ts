import * as z from 'zod'
import { type Completion, type Opinion, type Prompt, scoredBy, strategy, voting } from '#core'
import { draw, prior, updated } from './parts/posterior.ts'
import { inReview, refined } from './parts/refined.ts'
import { isReadable, select, selected, tell } from './parts/tree.ts'
import { varied } from './parts/varied.ts'

export const abMcts = strategy(
  'ab-mcts',
  {
    does: 'Grows a tree of answers, and decides by Thompson sampling whether to try anew or to refine what is there.',
    source: 'Inoue et al., 2025, AB-MCTS-A',
    aliases: ['abmcts'],
    calls: 'n + n * score',
    depth: 'ceil(n / batch) * (1 + score)',
  },
  {
    n: z.int().min(1).max(256).default(16),
    batch: z.int().min(1).max(16).default(4).describe('Answers drawn at once; more make the tree too wide.'),
    models: z.array(z.string()).max(8).default([]),
    scorer: scoredBy(),
    select,
    ...voting(),
  },
  async (run, { n, batch, models, select }) => {
    const actions = models.length > 0 ? models : [undefined]
    const rewards = new Map(actions.map((action) => [action, [] as number[]]))
    const root: Node = { id: 0, depth: 0, prompt: varied(run), children: [], generated: [], continued: [], subtree: [] }
    const tally = run.tally()
    const nodes: Answered[] = []

    for (let asked = 0; asked < n; asked += batch) {
      const asks = Array.from({ length: Math.min(batch, n - asked) }, (_, i) => ask(root, asked + i + 1))
      const grown = await run.attempt(asks, expand)
      for (const node of grown) learn(node)
      if (grown.some(({ opinion }) => opinion?.proven)) break
    }
    return selected(run, tally, nodes, select)

    function ask(node: Node, id: number): Ask {
      const open = node.children.filter((child) => !child.closed)
      if (open.length > 0 && thompson(node.generated) < thompson(node.continued))
        return ask(
          highest(open, ({ subtree }) => thompson(subtree)),
          id,
        )
      return { id, parent: node, action: highest(actions, (action) => thompson(rewards.get(action)!)) }
    }

    async function expand({ id, parent, action }: Ask): Promise<Answered> {
      const answer = { ...(await run.sample(parent.prompt, action)), index: id - 1 }
      tally.add(answer)
      const opinion = await run.opinion(answer)
      if (opinion) run.keep(answer, opinion.score)
      const node = {
        id,
        parent,
        action,
        answer,
        opinion,
        score: opinion?.score,
        proven: opinion?.proven,
        depth: parent.depth + 1,
      }
      const closed = !isReadable(answer)
      const prompt = refined(root.prompt, answer, inReview(opinion))
      return { ...node, prompt, closed, children: [], generated: [], continued: [], subtree: [] }
    }

    /** A score says how good it is to generate at the parent, and to go on through each node above. */
    function learn(node: Answered): void {
      const { id, parent, action, score, answer } = node
      nodes.push(node)
      parent.children.push(node)
      tell(run, { node: id, parent: parent.id, score, of: answer, whole: true })
      if (score === undefined) return
      rewards.get(action)!.push(score)
      parent.generated.push(score)
      node.subtree.push(score)
      for (let above = parent; above.parent; above = above.parent) {
        above.subtree.push(score)
        above.parent.continued.push(score)
        if (above.closed || !isExhausted(above.subtree)) continue
        above.closed = true
        tell(run, { node: above.id, parent: above.parent.id, score: above.score, pruned: true }, exhausted)
      }
    }

    function thompson(scores: readonly number[]): number {
      return draw(updated(prior, scores), run.random)
    }
  },
)

type Node = {
  readonly id: number
  readonly depth: number
  readonly parent?: Node
  readonly score?: number | undefined
  /** Asks for a child. */
  readonly prompt: Prompt
  readonly children: Node[]
  /** Scores of the children, of what lies below them, and of the node with all that lies below it. */
  readonly generated: number[]
  readonly continued: number[]
  readonly subtree: number[]
  /** Nothing grows from it any more. */
  closed?: boolean
}
type Answered = Node & { readonly parent: Node; readonly answer: Completion; readonly opinion: Opinion | undefined } & {
  readonly action: string | undefined
}
type Ask = { readonly id: number; readonly parent: Node; readonly action: string | undefined }

/** Four answers or more of which three quarters score the same have come to an end. */
function isExhausted(scores: readonly number[]): boolean {
  const most = Math.max(...scores.map((score) => scores.filter((other) => other === score).length))
  return scores.length >= 4 && most >= 0.75 * scores.length
}

/** Of equal ones the first. */
const highest = <T>(items: readonly T[], value: (item: T) => number): T => {
  const values = items.map(value)
  return items[values.indexOf(Math.max(...values))]!
}

const exhausted = 'no longer followed, since most of what grew from it scores the same'
