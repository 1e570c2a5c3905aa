import { percent, type Share } from '../../src/eval/statistics/share.ts'

export type Point = { readonly name: string; readonly tokens: number; readonly right: Share }

const width = 720
const height = 380
const margin = { left: 64, right: 24, top: 24, bottom: 52 }

/** Accuracy against tokens a question, as an SVG: a logarithmic axis of tokens, and an interval on each point. */
export function plot(title: string, points: readonly Point[]): string {
  const most = Math.max(...points.map(({ tokens }) => tokens)) * 1.6
  const least = Math.min(...points.map(({ tokens }) => tokens)) / 1.4
  const x = (tokens: number) =>
    margin.left + ((width - margin.left - margin.right) * Math.log(tokens / least)) / Math.log(most / least)
  const bottom = Math.floor(10 * Math.min(...points.map(({ right }) => right.low))) / 10
  const top = Math.min(1, Math.ceil(10 * Math.max(...points.map(({ right }) => right.high)) + 0.3) / 10)
  const y = (value: number) =>
    height - margin.bottom - ((height - margin.top - margin.bottom) * (value - bottom)) / (top - bottom)
  const rows = Array.from({ length: Math.round((top - bottom) * 10) + 1 }, (_, i) => bottom + i / 10)
  const columns = [50, 100, 200, 500, 1000, 2000, 5000, 10_000].filter((tokens) => tokens > least && tokens < most)
  const grid = [
    ...rows.map((value) => line(margin.left, y(value), width - margin.right, y(value), 'grid')),
    ...rows.map((value) => text(margin.left - 8, y(value) + 4, `${Math.round(100 * value)} %`, 'end')),
    ...columns.map((tokens) => line(x(tokens), margin.top, x(tokens), height - margin.bottom, 'grid')),
    ...columns.map((tokens) => text(x(tokens), height - margin.bottom + 18, String(tokens), 'middle')),
  ]
  // Neighbours have their names on different sides, so that they do not cover each other.
  const inOrder = points.toSorted((a, b) => a.tokens - b.tokens)
  const marks = inOrder.flatMap(({ name, tokens, right }, index) => [
    line(x(tokens), y(right.low), x(tokens), y(right.high), 'interval'),
    `<circle cx="${x(tokens).toFixed(1)}" cy="${y(right.value).toFixed(1)}" r="4"><title>${name}: ${percent(right.value)} %</title></circle>`,
    text(x(tokens), index % 2 ? y(right.low) + 16 : y(right.high) - 8, name, 'middle'),
  ])
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">
<title>${title}</title>
<style>
  svg { background: #fff } text { fill: #222 } .grid { stroke: #ddd } .interval { stroke: #2563eb; stroke-width: 1.5 } circle { fill: #2563eb }
  @media (prefers-color-scheme: dark) { svg { background: #0d1117 } text { fill: #ddd } .grid { stroke: #333 } .interval { stroke: #60a5fa } circle { fill: #60a5fa } }
</style>
${[...grid, ...marks].join('\n')}
${text(margin.left + (width - margin.left - margin.right) / 2, height - 12, 'tokens a question, mean (logarithmic)', 'middle')}
</svg>
`
}

const line = (x1: number, y1: number, x2: number, y2: number, kind: string) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" class="${kind}"/>`

const text = (x: number, y: number, words: string, anchor: string) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`
