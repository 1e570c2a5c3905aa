import * as z from 'zod'
import { type Completion, type Opinion, type Prompt, rankBy, scoredBy, strategy, voting } from '#core'
import { inReview, refined, reviewed } from './parts/refined.ts'
import { best, isReadable, tell } from './parts/tree.ts'

export const lats = strategy(
  'lats',
  {
    does: 'Grows a tree of answers, values each by its score and by how many of its siblings agree, and reflects on failures.',
    source: 'Zhou et al., 2023, LATS',
    aliases: ['language-agent-tree-search'],
    calls: 'iterations * (n + n * score + 1) - 1',
    depth: 'iterations * (2 + score) - 1',
  },
  {
    n: z.int().min(1).max(16).default(5).describe('Children of a node.'),
    iterations: z.int().min(1).max(32).default(8),
    lambda: z.number().min(0).max(1).default(0.5).describe('What the score counts for against the agreement.'),
    c: z.number().min(0).max(10).default(1),
    scorer: scoredBy(),
    ...voting(),
  },
  async (run, { n, iterations, lambda, c }) => {
    const tally = run.tally()
    const reflections: string[] = []
    const root: Node = { id: 0, depth: 0, children: [], visits: 0, total: 0 }
    const nodes: Answered[] = []
    for (let iteration = 1; iteration <= iterations; iteration++) {
      const [grown = []] = await run.attempt([select(root)], expand)
      if (grown.some(({ opinion }) => opinion?.proven) || iteration === iterations) break
      const [failed] = rankBy(grown, ({ total }) => total)
      if (failed && isReadable(failed.answer)) await run.attempt([failed], reflect)
    }
    return best(run, tally, nodes)

    /** Down to a leaf by upper confidence bounds. */
    function select(node: Node): Node {
      const bound = ({ total, visits }: Node) => total / visits + c * Math.sqrt(Math.log(node.visits) / visits)
      const [next] = rankBy(
        node.children.filter(({ answer }) => answer && isReadable(answer)),
        bound,
      )
      return next ? select(next) : node
    }

    async function expand(parent: Node): Promise<readonly Answered[]> {
      const drawn = await run.samples(n, { prompt: promptAfter(parent) }).all()
      const answers = drawn.map((answer, i) => ({ ...answer, index: nodes.length + i }))
      for (const answer of answers) tally.add(answer)
      const opinions = await run.each(answers, async (answer) => {
        const opinion = await run.opinion(answer)
        if (opinion) run.keep(answer, opinion.score)
        return opinion
      })
      const grown = answers.map((answer, i) => born(parent, answer, opinions[i], agreement(answer, answers)))
      for (const { total, id, score, answer } of grown) {
        tell(run, { node: id, parent: parent.id, score, of: answer, whole: true })
        for (let at: Node | undefined = parent; at; at = at.parent) {
          at.visits++
          at.total += total
        }
      }
      return grown
    }

    /** A missing score leaves the agreement alone. */
    function born(parent: Node, answer: Completion, opinion: Opinion | undefined, agreed: number): Answered {
      const total = opinion ? lambda * opinion.score + (1 - lambda) * agreed : agreed
      const about = { id: nodes.length + 1, parent, depth: parent.depth + 1, score: opinion && total }
      const node = { ...about, answer, opinion, children: [], visits: 1, total }
      nodes.push(node)
      parent.children.push(node)
      return node
    }

    function agreement(answer: Completion, siblings: readonly Completion[]): number {
      const members = tally.groups.find((group) => group.members.includes(answer))?.members ?? [answer]
      return siblings.filter((sibling) => members.includes(sibling)).length / siblings.length
    }

    function promptAfter({ answer, opinion }: Node): Prompt {
      if (!answer) return run.prompt
      const lessons = reflections.slice(-3).map((reflection) => `Learnt from an earlier attempt: ${reflection}`)
      return refined(run.prompt, answer, [inReview(opinion), ...lessons].join('\n\n'))
    }

    async function reflect({ answer }: Answered): Promise<void> {
      const { text } = await run.sample(reviewed(run.prompt, answer, look))
      if (text.trim()) reflections.push(text.trim())
    }
  },
)

type Node = {
  readonly id: number
  readonly parent?: Node
  readonly depth: number
  readonly answer?: Completion
  readonly opinion?: Opinion | undefined
  readonly children: Node[]
  visits: number
  /** The sum of the values of it and of all below it. */
  total: number
}
type Answered = Node & { readonly answer: Completion; readonly score?: number | undefined }

const look = `Suppose that this answer of yours is wrong or could be better. Say in a few sentences what most likely went \
wrong and what to do differently next time. Do not write the answer anew.`
