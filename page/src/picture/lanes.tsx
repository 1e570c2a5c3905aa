import { scaleLinear } from 'd3-scale'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { Group } from '../search/ballots.ts'
import { lanesOf, type Placed } from '../search/lanes.ts'
import type { Span } from '../search/span.ts'
import { lasted } from '../search/span.ts'
import { score, short, time } from '../words/numbers.ts'
import { colour, groupsBySpan, letter } from './palette.ts'
import { type Marks, picking, walk } from './picks.ts'
import { useWidth } from './size.ts'

const axis = 22
const letterWidth = 6.2

/** Every sample and every scoring over time: how long it ran, what it answered, how it ended. */
export function Lanes({ search, now, picked, pick }: Marks): JSX.Element {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const { bars, frames, count } = lanesOf(search.root)
  const groups = groupsBySpan(search)
  const lane = count <= 10 ? 24 : count <= 24 ? 18 : 11
  const room = count <= 24 ? Math.min(150, width / 4) : 34
  const start = search.root?.start ?? 0
  const x = scaleLinear([0, Math.max(200, search.lasted(now))], [0, Math.max(0, width - room)])
  const height = count * lane
  return (
    <section class="part" aria-label="Samples over time">
      <h3>
        Samples over time <Legend spans={bars.map(({ span }) => span)} />
      </h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move the focus among the bars, which are buttons */}
      <div class="lanes" ref={frame} onKeyDown={walk}>
        {width > 0 && (
          <svg width={width} height={height + axis} class={lane < 16 ? 'dense' : ''}>
            <title>Samples over time</title>
            <Hatching />
            {x.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => (
              <g class="tick" key={tick} transform={`translate(${Math.round(x(tick)) + 0.5} 0)`}>
                <line y2={height + 4} />
                <text y={height + 17}>{time(tick)}</text>
              </g>
            ))}
            {frames.map(({ span, lane: top, height: high }) => (
              <rect
                key={span.id}
                class="frame"
                x={x(span.start - start)}
                y={top * lane + 0.5}
                width={Math.max(2, x(lasted(span, now)))}
                height={high * lane - 1}
                rx="4"
              />
            ))}
            {bars.map((placed, at) => bar(placed, at === 0))}
          </svg>
        )}
      </div>
    </section>
  )

  function bar(placed: Placed, first: boolean) {
    const { span, lane: top } = placed
    const group = groups.get(span.id)
    const left = x(span.start - start)
    const wide = Math.max(3, x(lasted(span, now)))
    const high = span.kind === 'sample' ? lane - (lane > 16 ? 5 : 3) : Math.max(4, lane / 3)
    const y = top * lane + (lane - high) / 2
    const written = group && span.kind === 'sample' && wide > 14
    const words = wordsBeside(span, group, lane < 16)
    const beside = words.length * letterWidth < roomAfter(placed) ? words : ''
    return (
      <g
        key={span.id}
        class={`bar ${span.kind} ${span.outcome ?? 'running'} ${colour(group)}`}
        {...picking(span.id, labelOf(span, group), picked, first, pick)}
      >
        <rect x={left} y={y} width={wide} height={high} rx={Math.min(3, high / 2)} />
        {written && lane > 16 && (
          <text class="inside" x={left + 5} y={y + high / 2}>
            {letter(group.place)}
          </text>
        )}
        {beside && (
          <text class="beside" x={left + wide + 5} y={y + high / 2}>
            {beside}
          </text>
        )}
      </g>
    )
  }

  /** Pixels between the end of a bar and the next one in its lane. */
  function roomAfter({ span, lane }: Placed): number {
    const end = span.start + lasted(span, now)
    const next = bars.find((other) => other.lane === lane && other.span !== span && other.span.start >= end - 1)
    return next ? x(next.span.start - end) : room
  }

  function labelOf(span: Span, group: Group | undefined): string {
    const number = search.numberOf(span.id)
    const name = span.kind === 'sample' ? `Sample${number ? ` ${number}` : ''}` : `${span.name}`
    const end = span.outcome === 'done' ? '' : `, ${span.outcome ?? 'running'}`
    return `${name}${group ? `: ${group.answer}` : ''}, ${time(lasted(span, now))}${end}`
  }
}

/** What there is room for at the end of a bar: the score of a scoring, the answer of a sample that has not been scored. */
function wordsBeside(span: Span, group: Group | undefined, dense: boolean): string {
  if (span.kind === 'score') return span.score ? score(span.score.value) : ''
  if (span.outcome === 'cancelled' || span.outcome === 'failed') return dense ? '' : span.outcome
  if (span.score) return ''
  return group ? (dense ? letter(group.place) : short(group.answer, 16)) : ''
}

function Legend({ spans }: { spans: readonly Span[] }): JSX.Element {
  const has = (holds: (span: Span) => boolean, name: string, text: string) =>
    spans.some(holds) && <span class={`key ${name}`}>{text}</span>
  return (
    <span class="legend">
      {has(({ outcome }) => outcome === undefined, 'running', 'running')}
      {has(({ outcome }) => outcome === 'cancelled', 'cancelled', 'cancelled')}
      {has(({ outcome }) => outcome === 'failed', 'failed', 'failed')}
      {has(({ kind }) => kind === 'score', 'score', 'scoring')}
      {has(({ kind }) => kind === 'probe', 'probe', 'finding out what the model can do')}
    </span>
  )
}

const Hatching = () => (
  <defs>
    <pattern id="hatching" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line y2="5" stroke-width="2.5" />
    </pattern>
  </defs>
)
