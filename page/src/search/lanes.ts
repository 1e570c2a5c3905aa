import type { Span } from './span.ts'

/** A span in its place: from lane `lane`, `height` lanes high. */
export type Placed = { readonly span: Span; readonly lane: number; readonly height: number }

/** The bars of a search over time, and the frames of strategies within the outermost one. */
export type Lanes = { readonly bars: readonly Placed[]; readonly frames: readonly Placed[]; readonly count: number }

/**
 * Puts what runs at the same time under one another and what runs one after another into one lane; the scoring of a sample
 * follows in the sample's lane, if that is free.
 */
export function lanesOf(root: Span | undefined): Lanes {
  if (!root) return { bars: [], frames: [], count: 0 }
  const { height, placed } = arranged(outermost(root))
  const isFrame = ({ span, height }: Placed) => span.kind === 'strategy' && height > 0
  return { bars: placed.filter(({ span }) => span.kind !== 'strategy'), frames: placed.filter(isFrame), count: height }
}

/** The first strategy that does more than hand the question on. */
function outermost(root: Span): Span {
  const [only] = root.children
  return root.children.length === 1 && only!.kind === 'strategy' ? outermost(only!) : root
}

function arranged(whole: Span): { readonly height: number; readonly placed: readonly Placed[] } {
  const ends: number[] = []
  const placed: Placed[] = []
  for (const span of whole.children) {
    const within = span.kind === 'strategy' ? arranged(span) : { height: 1, placed: [] }
    const wanted = placed.find((other) => other.span.id === span.about)?.lane
    const lane = free(ends, span.start, within.height, wanted)
    for (let at = lane; at < lane + within.height; at++) ends[at] = span.end ?? Number.POSITIVE_INFINITY
    placed.push({ span, lane, height: within.height })
    placed.push(...within.placed.map((inner) => ({ ...inner, lane: inner.lane + lane })))
  }
  return { height: ends.length, placed }
}

/** The first lane from which so many are free at that time; the wanted one if it is. */
function free(ends: readonly number[], start: number, height: number, wanted = 0): number {
  const fits = (lane: number) =>
    Array.from({ length: height }, (_, at) => ends[lane + at] ?? 0).every((end) => end <= start)
  if (fits(wanted)) return wanted
  let lane = 0
  while (!fits(lane)) lane++
  return lane
}
