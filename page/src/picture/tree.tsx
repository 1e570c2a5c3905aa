import { select } from 'd3-selection'
import { linkHorizontal } from 'd3-shape'
import { type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Grown, grownOf } from '../search/grown.ts'
import type { Node } from '../search/trees.ts'
import { counted, score, short } from '../words/numbers.ts'
import { colour, groupsBySpan, letter } from './palette.ts'
import { type Marks, picking, walk } from './picks.ts'
import { useWidth } from './size.ts'

/** Pixels between a node and its children. */
const widest = 170
const margin = { left: 14, right: 60, above: 14, below: 14 }
const link = linkHorizontal<unknown, readonly [number, number]>()

/**
 * The tree of a search from the question rightwards. All of it is in sight at first; zooming in spreads the nodes and leaves
 * them as large as they are, so that there is room for their words.
 */
export function Tree({ search, picked, pick }: Marks): JSX.Element {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<SVGSVGElement>(null)
  const [view, setView] = useState<ZoomTransform>(zoomIdentity)
  const width = useWidth(frame)
  const nodes = grownOf(search)
  const groups = groupsBySpan(search)
  const best = Math.max(1, ...nodes.map(({ node }) => node.score ?? 0))
  const depth = Math.max(1, ...nodes.map(({ x }) => x))
  const top = Math.min(...nodes.map(({ y }) => y))
  const span = Math.max(...nodes.map(({ y }) => y)) - top
  const height = Math.min(720, Math.max(150, span * 32 + margin.above + margin.below))
  const step = Math.min(widest, Math.max(1, width - margin.left - margin.right) / depth)
  const place = span > 0 ? (height - margin.above - margin.below) / span : 0
  // There is too little room down, never along: so far are steps drawn apart, and no further.
  const spread = Math.max(1, Math.min(view.k, widest / step))
  const shift = view.k > 1 ? (view.x * (spread - 1)) / (view.k - 1) : 0
  const at = ({ x, y }: Grown): [number, number] => [
    (margin.left + x * step) * spread + shift,
    view.applyY(span > 0 ? margin.above + (y - top) * place : height / 2),
  ]
  const roomy = Math.min(place * view.k, 40)
  const radius = Math.max(2.5, Math.min(8, roomy * 0.42, step * spread * 0.3))
  const zoomed = useRef<{ by(factor: number): void; whole(): void }>(undefined)

  useEffect(() => {
    const all = select(canvas.current!)
    const behaviour = zoom<SVGSVGElement, unknown>()
      .scaleExtent([1, 24])
      .translateExtent([
        [0, 0],
        [width, height],
      ])
      .filter(isForUs)
      .on('zoom', ({ transform }) => setView(transform))
    all.call(behaviour).on('dblclick.zoom', null)
    zoomed.current = {
      by: (factor) => behaviour.scaleBy(all, factor),
      whole: () => behaviour.transform(all, zoomIdentity),
    }
    return () => void all.on('.zoom', null)
  }, [width, height])

  return (
    <section class="part" aria-label="Tree">
      <h3>
        Tree <span class="legend">{counted(nodes.length - 1, 'node')}</span>
        <span class="tools">
          <button type="button" aria-label="Zoom out" onClick={() => zoomed.current?.by(1 / 1.6)}>
            −
          </button>
          <button type="button" aria-label="Zoom in" onClick={() => zoomed.current?.by(1.6)}>
            +
          </button>
          <button type="button" onClick={() => zoomed.current?.whole()}>
            Whole
          </button>
        </span>
      </h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move the focus among the nodes, which are buttons */}
      <div class="tree" ref={frame} onKeyDown={walk}>
        <svg ref={canvas} width={width} height={height}>
          <title>The tree of the search</title>
          {nodes.map(
            (grown) =>
              grown.parent && (
                <path
                  key={grown.node.node}
                  class={`branch ${grown.chosen ? 'chosen' : ''} ${grown.node.pruned ? 'pruned' : ''}`}
                  d={link({ source: at(grown.parent), target: at(grown) }) ?? ''}
                />
              ),
          )}
          {nodes.map((grown, order) => mark(grown, order === 0))}
        </svg>
      </div>
    </section>
  )

  function textOf({ text, span }: Node): string {
    return text ?? search.spans.get(span ?? '')?.text ?? ''
  }

  function mark(grown: Grown, first: boolean) {
    const { node, chosen, isLeaf } = grown
    const [x, y] = at(grown)
    const group = node.span === undefined ? undefined : groups.get(node.span)
    const named = group && radius >= 6
    const label = labelOf(grown, group?.answer)
    return (
      <g
        key={node.node}
        class={`node ${colour(group)} ${node.whole ? 'whole' : ''} ${node.pruned ? 'pruned' : ''} ${chosen ? 'chosen' : ''}`}
        transform={`translate(${x} ${y})`}
        {...picking(node.node, label, picked, first, pick)}
      >
        <title>{label}</title>
        <circle r={node.node === 0 ? radius + 1 : radius} style={{ '--worth': (node.score ?? 0) / best }} />
        {named && (
          <text class="inside" y="0.5">
            {letter(group.place)}
          </text>
        )}
        {(isLeaf ? roomy >= 13 : roomy >= 28) && node.node > 0 && (
          <text class={isLeaf ? 'beside' : 'below'} {...(isLeaf ? { x: radius + 5 } : { y: radius + 9 })}>
            {[
              group ? short(group.answer, 10) : step * spread > 120 && lastLine(textOf(node)),
              node.score !== undefined && score(node.score),
            ]
              .filter(Boolean)
              .join(' · ')}
          </text>
        )}
      </g>
    )
  }
}

const lastLine = (text: string) => short(text.trim().split('\n').at(-1) ?? '', 16)

function labelOf({ node: { node, score: value, pruned } }: Grown, answer: string | undefined): string {
  if (node === 0) return 'The question'
  return [
    `Node ${node}`,
    answer && `answers ${answer}`,
    value === undefined ? 'not scored' : `scored ${score(value)}`,
    pruned && 'not followed',
  ]
    .filter(Boolean)
    .join(', ')
}

/** The page scrolls with the wheel and with one finger; the tree moves with a drag of the mouse, a pinch, or ctrl and wheel. */
function isForUs(event: MouseEvent | TouchEvent | WheelEvent): boolean {
  if ('touches' in event) return event.touches.length > 1
  return event.type === 'wheel' ? event.ctrlKey || event.metaKey : event.button === 0
}
