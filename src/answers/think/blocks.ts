import { bareCloses, delimiters, silentTokens, toolCalls } from './delimiters.ts'
import { Marks } from './marks.ts'

/** A kind of thinking block: how it ends, and what is special about it. */
export type Block = {
  readonly closes: readonly string[]
  readonly own: Marks
  readonly label?: RegExp | undefined
  readonly silent?: true | undefined
  readonly leading?: true | undefined
  /** Whether a later close, with no opening before it, is the block's: earlier ones were quoted in it. */
  readonly nested: boolean
}

const blocks: ReadonlyMap<string, Block> = new Map(
  delimiters.map((delimiter) => {
    const nested = !/^<\|end(?:_message)?\|>$/.test(delimiter.closes[0]!)
    return [delimiter.open, { ...delimiter, own: new Marks(delimiter.closes), nested }]
  }),
)

/** The block that a mark opens. */
export const blockOf = (mark: string): Block => blocks.get(mark)!

/** The block that a template opened. */
export const bareBlock: Block = { closes: bareCloses, own: new Marks(bareCloses), nested: true }

const tags = delimiters.filter(({ leading }) => !leading)

export const openings = new Marks(delimiters.map(({ open }) => open))
export const closings = new Marks(tags.flatMap(({ closes }) => closes))
export const bare = bareBlock.own
export const tools = new Marks(toolCalls)
export const silent = new Marks(silentTokens)
export const strayTags = new Marks(
  tags.flatMap(({ open, closes }) => [open, ...closes]).filter((mark) => !mark.includes('&')),
)
