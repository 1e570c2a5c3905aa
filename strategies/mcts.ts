import * as z from 'zod'
import { type Completion, rankBy, scoredBy, strategy, voting } from '#core'
import { refined, reviewed } from './parts/refined.ts'
import { best, isReadable, tell } from './parts/tree.ts'
import { varied } from './parts/varied.ts'
import { filled } from './parts/weights.ts'

export const mcts = strategy(
  'mcts',
  {
    does: 'Refines whole answers by critique and rewriting; upper confidence bounds choose which of them is refined next.',
    source: 'Zhang et al., 2024, MCTSr',
    aliases: ['mctsr'],
    calls: '1 + score + n * (2 + 2 * score)',
    depth: '1 + score + n * (2 + score)',
  },
  {
    n: z.int().min(1).max(64).default(8).describe('Rollouts.'),
    c: z
      .number()
      .min(0)
      .max(1000)
      .default(1.4)
      .describe(
        'Exploration, for rewards that reach over 200 points as the paper’s do: at 1.4 the best are mostly refined first.',
      ),
    children: z.int().min(1).max(16).default(3),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { n, c, children }) => {
    const question = varied(run)
    const tally = run.tally()
    const nodes: Node[] = []
    await grow(await run.sample(question))
    for (let rollout = 1; rollout <= n && !nodes.some(({ proven }) => proven); rollout++) {
      const [node] = rankBy(nodes.filter(isOpen), bound)
      if (!node) break
      node.visits++
      // The reward of what is refined is sampled once more, since the least of several is harder to flatter.
      await run.attempt([node], () => Promise.all([refine(node), rate(node)]))
    }
    return best(
      run,
      tally,
      nodes.map((node) => ({ ...node, score: own(node) })),
    )

    async function refine(node: Node): Promise<void> {
      const critique = await run.sample(reviewed(question, node.answer, criticise))
      await grow(await run.sample(refined(question, node.answer, critique.text)), node)
    }

    async function grow(completion: Completion, parent?: Node): Promise<void> {
      const id = nodes.length + 1
      const answer = { ...completion, index: id - 1 }
      const node: Node = { id, parent, answer, depth: (parent?.depth ?? 0) + 1, children: [], rewards: [], visits: 1 }
      tally.add(answer)
      nodes.push(node)
      parent?.children.push(node)
      await rate(node)
      tell(run, { node: id, parent: parent?.id ?? 0, score: own(node), of: answer, whole: true })
    }

    async function rate(node: Node): Promise<void> {
      const opinion = await run.opinion(node.answer)
      if (!opinion) return
      node.rewards.push(opinion.score)
      node.proven = opinion.proven
      run.keep(node.answer, own(node))
    }

    function isOpen({ answer, children: { length } }: Node): boolean {
      return length < children && isReadable(answer)
    }

    function bound(node: Node): number {
      const { visits } = node.parent ?? node
      return worth(node) + c * Math.sqrt(Math.log(visits + 1) / node.visits)
    }

    /** On the scale of 0 to 200; a node without a reward is worth the mean of the others. */
    function worth(node: Node): number {
      return 200 * filled([value(node), ...nodes.map(value)])[0]!
    }
  },
)

type Node = {
  readonly id: number
  readonly parent: Node | undefined
  readonly depth: number
  readonly answer: Completion
  readonly children: Node[]
  readonly rewards: number[]
  visits: number
  proven?: boolean | undefined
}

/** Between the least of its rewards and their mean. */
function own({ rewards }: Node): number | undefined {
  if (rewards.length === 0) return undefined
  return (Math.min(...rewards) + rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length) / 2
}

/** Between what it is worth itself and the best that came of it. */
function value(node: Node): number | undefined {
  const below = node.children.map(value).filter((found) => found !== undefined)
  const here = own(node)
  if (below.length === 0 || here === undefined) return here
  return (here + Math.max(...below)) / 2
}

const criticise = `Review that answer of yours strictly. Check every step and find each mistake, gap and unfounded claim, \
and say how to mend it; praise nothing, and do not write the answer anew.`
