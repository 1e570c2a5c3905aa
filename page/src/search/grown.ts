import { type HierarchyPointNode, hierarchy, tree } from 'd3-hierarchy'
import type { Search } from './search.ts'
import type { Node } from './trees.ts'

/** A node in its place. */
export type Grown = {
  readonly node: Node
  /** To the right, in steps from the question. */
  readonly x: number
  /** Down, in places of leaves. */
  readonly y: number
  readonly parent: Grown | undefined
  readonly isLeaf: boolean
  /** Whether it lies on the way to the answer. */
  readonly chosen: boolean
}

type Point = HierarchyPointNode<Node>

const question: Node = { node: 0, parent: 0, at: 0 }

/** The tree of a search, the question at its root; empty where none grew. */
export function grownOf(search: Search): readonly Grown[] {
  const { nodes } = search
  if (nodes.length === 0) return []
  const children = Map.groupBy(nodes, parentIn(nodes))
  const root = tree<Node>().nodeSize([1, 1])(hierarchy(question, ({ node }) => children.get(node)))
  const points = root.descendants()
  const way = new Set(answerOf(search, points.slice(1))?.ancestors())
  const grown = new Map<Point, Grown>()
  for (const point of points) {
    const { data: node, depth: x, x: y } = point
    const parent = point.parent ? grown.get(point.parent) : undefined
    grown.set(point, { node, x, y, parent, isLeaf: !point.children, chosen: way.has(point) })
  }
  return [...grown.values()]
}

/** Whose parent was never told of grows from the question. */
function parentIn(nodes: readonly Node[]) {
  const known = new Set(nodes.map(({ node }) => node))
  return ({ node, parent }: Node) => (known.has(parent) && parent !== node ? parent : 0)
}

/** The node that was answered with: with that answer the best, else the best of the deepest that were not left. */
function answerOf({ ended, winner }: Search, points: readonly Point[]): Point | undefined {
  if (!ended) return undefined
  const left = points.filter(({ data }) => !data.pruned)
  const elected = left.filter(({ data: { span } }) => span !== undefined && winner?.spans.includes(span))
  const deepest = Math.max(...left.map(({ depth }) => depth))
  const among = elected.length > 0 ? elected : left.filter(({ depth }) => depth === deepest)
  const [best] = among.toSorted((a, b) => (b.data.score ?? 0) - (a.data.score ?? 0))
  return best
}
