import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { cluster, equivalent, extractAnswer, splitThinking, ThinkSplitter } from '../src/answers/index.ts'

/**
 * The answers module against the development cases, beside a comparison of normalised strings.
 * Usage: node bench/answers.ts [folder with answers.jsonl, think.jsonl and votes.jsonl]
 */
const folder = process.argv[2] ?? new URL('../../shared/data', import.meta.url).pathname
const files = ['answers', 'think', 'votes'].map((name) => `${folder}/${name}.jsonl`)

type AnswerCase = {
  readonly kind: 'equiv' | 'extract'
  readonly a: string
  readonly b: string
  readonly text: string
  readonly gold: string
  readonly choices?: readonly string[]
  readonly question?: string
  readonly expected: boolean
  readonly tags: readonly string[]
}
type Parts = { readonly reasoning: string; readonly answer: string; readonly state: string }
type ThinkCase = {
  readonly kind: 'text' | 'stream' | 'message'
  readonly text: string
  readonly chunks: readonly string[]
  readonly message: Record<string, unknown>
  readonly context?: Record<string, never>
  readonly expected: Parts
  readonly disputed?: string
}
type VoteCase = {
  readonly responses: readonly string[]
  readonly correct: readonly boolean[]
  readonly question: string
}
type Method = {
  readonly same: (a: string | null, b: string, rounding: boolean) => boolean
  readonly extract: (text: string, options: { choices?: readonly string[]; question?: string }) => string | null
  readonly split: (one: ThinkCase) => Parts
  readonly groups: (answers: readonly (string | null)[]) => readonly number[]
}

async function report(): Promise<void> {
  const [answers, thinking, votes] = files.map(cases) as [AnswerCase[], ThinkCase[], VoteCase[]]
  const core = answers.filter((one) => one.kind === 'equiv' && bucketOf(one) === 'core')
  // Nothing has run yet in this process: the first pass pays for compiling, the second finds it done.
  const times = [mull, baseline].map((method) => ['cold', 'warm'].flatMap((pass) => timing(method, core, pass)))
  const columns = [mull, baseline].map((method, at) => [...measure(method, answers, thinking, votes), ...times[at]!])
  const rows = columns[0]!.map(([label, value], at) => [label, value, columns[1]![at]![1]])
  rows.push(['size of the module, gzip', await gzipped('answers'), ''])
  rows.push(['  with the vote', await gzipped('answers', 'vote'), ''])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length), 24))
  for (const row of [['measure', 'mull', 'normalised string'], ...rows])
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}\n`,
    )
}

function measure(
  method: Method,
  answers: readonly AnswerCase[],
  thinking: readonly ThinkCase[],
  votes: readonly VoteCase[],
): [string, string][] {
  const rows: [string, string][] = []
  for (const [kind, bucket] of buckets) {
    const chosen = answers.filter((one) => one.kind === kind && bucketOf(one) === bucket)
    const verdicts = chosen.map((one) => {
      const [answer, gold] = kind === 'equiv' ? [one.a, one.b] : [method.extract(one.text, options(one)), one.gold]
      return method.same(answer, gold, bucket === 'rounding')
    })
    const right = verdicts.filter((verdict, at) => verdict === chosen[at]!.expected).length
    const negative = chosen.filter(({ expected }) => !expected).length
    const merged = verdicts.filter((verdict, at) => verdict && !chosen[at]!.expected).length
    rows.push([`${kind === 'equiv' ? 'equivalence' : 'extraction'}, ${bucket}`, share(right, chosen.length)])
    rows.push(['  false merges', `${merged} of ${negative}`])
  }
  const clear = thinking.filter(({ disputed }) => !disputed)
  rows.push([
    'think splitting, all three fields',
    share(clear.filter((one) => sameParts(method.split(one), one.expected)).length, clear.length),
  ])
  rows.push(...voting(method, votes))
  return rows
}

const buckets = [
  ['equiv', 'core'],
  ['equiv', 'rounding'],
  ['equiv', 'freetext'],
  ['extract', 'core'],
] as const

/** As answers.score.mjs has them. */
function bucketOf({ tags }: AnswerCase): string {
  if (tags.some((tag) => tag.startsWith('disputed'))) return 'disputed'
  if (tags.includes('freetext') || tags.includes('question-context')) return 'freetext'
  return tags.includes('rounding') ? 'rounding' : 'core'
}

const options = ({ choices, question }: AnswerCase) => ({
  ...(choices ? { choices } : {}),
  ...(question ? { question } : {}),
})

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} % of ${whole}`

const bare = (text: string | undefined) => (text ?? '').replaceAll('\u200b', '').trim()

const sameParts = (a: Parts, b: Parts) =>
  bare(a.reasoning) === bare(b.reasoning) && bare(a.answer) === bare(b.answer) && a.state === b.state

function voting(method: Method, votes: readonly VoteCase[]): [string, string][] {
  const outcomes = votes.map(({ responses, correct, question }) => {
    const groups = method.groups(responses.map((text) => method.extract(text, { question })))
    const right = new Set(groups.filter((_, at) => correct[at]))
    return { mixed: groups.some((group, at) => !correct[at] && right.has(group)), split: right.size > 1 }
  })
  return [
    ['votes that mix right and wrong', `${outcomes.filter(({ mixed }) => mixed).length} of ${votes.length}`],
    ['votes that split the right ones', `${outcomes.filter(({ split }) => split).length} of ${votes.length}`],
  ]
}

/** What was read before is remembered, so the second pass has other texts for the same answers. */
function timing(method: Method, core: readonly AnswerCase[], pass: string): [string, string][] {
  const space = pass === 'warm' ? ' ' : ''
  const times = core.map(({ a, b }) => {
    const start = performance.now()
    method.same(a + space, b + space, false)
    return performance.now() - start
  })
  times.sort((a, b) => a - b)
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  return [
    [`comparison, ${pass}, mean`, `${mean.toFixed(3)} ms`],
    [`comparison, ${pass}, p95`, `${times[Math.floor(times.length * 0.95)]!.toFixed(3)} ms`],
    [`comparison, ${pass}, worst`, `${times.at(-1)!.toFixed(3)} ms`],
  ]
}

const mull: Method = {
  same: (a, b, rounding) => equivalent(a, b, { rounding }),
  extract: (text, options) => extractAnswer(text, options).answer,
  split: ({ kind, text, chunks, message, context }) => {
    if (kind !== 'stream') return splitThinking(kind === 'message' ? message : text, context)
    const splitter = new ThinkSplitter(context)
    for (const chunk of chunks) splitter.push(chunk)
    return splitter.end()
  },
  groups: (answers) => cluster(answers),
}

/** What one would write in ten minutes: the last box, or the last number, compared without spaces and case. */
const plain = (text: string) => text.replaceAll(/\s|\$|\\left|\\right|\\!|,(?=\d{3})|\.$/g, '').toLowerCase()
const baseline: Method = {
  same: (a, b) => a !== null && plain(a) === plain(b),
  extract: (text) =>
    /\\boxed\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}(?![\s\S]*\\boxed)/.exec(text)?.[1] ??
    text.match(/-?\d[\d,.]*/g)?.at(-1) ??
    null,
  split: ({ text, chunks, message }) => {
    const whole = text ?? chunks?.join('') ?? String(message?.['content'] ?? '')
    const [, reasoning = '', answer = whole] = /^\s*<think>([\s\S]*?)<\/think>([\s\S]*)$/.exec(whole) ?? []
    return { reasoning, answer, state: answer === whole ? 'none' : 'closed' }
  },
  groups: (answers) => {
    const keys = answers.map((answer) => answer && plain(answer))
    return keys.map((key) => (key === null ? -1 : keys.indexOf(key)))
  },
}

const cases = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** How large some folders of src are in one bundle. */
async function gzipped(...folders: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: folders.map((folder) => `export * from './src/${folder}/index.ts'`).join('\n'),
      resolveDir: new URL('..', import.meta.url).pathname,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  return `${(gzipSync(outputFiles[0]!.contents, { level: 9 }).length / 1000).toFixed(1)} kB`
}

if (files.every(existsSync)) await report()
else console.error(`The cases are not there, so there is nothing to measure: ${files.join(', ')}`)
