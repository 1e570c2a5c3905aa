import { depthOf } from './span.ts'

/** A node of a search tree, as a strategy notes it. Node 0 is the question, and is in nobody's notes. */
export type Node = {
  readonly node: number
  readonly parent: number
  readonly score?: number
  /** Not followed any further. */
  readonly pruned?: boolean
  /** The steps so far, where no sample has just these words. */
  readonly text?: string
  /** The sample that said it. */
  readonly span?: string
  /** Nothing is left to be added. */
  readonly whole?: boolean
  /** When it grew. */
  readonly at: number
}

/** The tree that each strategy grows. */
export class Trees {
  readonly #grown = new Map<string, Map<number, Node>>()

  /** A node may be noted again, with what became of it. */
  grow(strategy: string, node: Omit<Node, 'at'>, at: number): void {
    const tree = this.#grown.get(strategy) ?? new Map<number, Node>()
    const known = tree.get(node.node)
    tree.set(node.node, { ...known, ...node, at: known?.at ?? at })
    this.#grown.set(strategy, tree)
  }

  /** Those of the outermost strategy that grows one; each comes after its parent. */
  get nodes(): readonly Node[] {
    const outermost = Math.min(...[...this.#grown.keys()].map(depthOf))
    const [, tree] = [...this.#grown].findLast(([strategy]) => depthOf(strategy) === outermost) ?? []
    return tree ? [...tree.values()].sort((a, b) => a.node - b.node) : []
  }
}
