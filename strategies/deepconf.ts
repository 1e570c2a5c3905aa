import * as z from 'zod'
import {
  type Completion,
  measures,
  type Partial,
  type Run,
  rankBy,
  sliding,
  strategy,
  type Tally,
  tokenConfidences,
  voting,
} from '#core'
import { drawingSure, type Sure } from './parts/logprobs.ts'

const options = {
  n: z.int().min(1).max(256).default(32),
  mode: z.enum(['offline', 'online']).default('offline'),
  keep: z.number().min(0.01).max(1).default(0.25),
  measure: z.enum(['tail', 'lowest', 'bottom', 'mean']).default('tail'),
  window: z.int().min(1).max(65_536).default(2048),
  warmup: z.int().min(2).max(64).default(16),
  consensus: z.number().min(0.5).max(1).default(0.95),
  ...voting(),
}
type Options = z.output<z.ZodObject<typeof options>>

export const deepconf = strategy(
  'deepconf',
  {
    does:
      'Of n traces only the share that the model was surest of by its log-probabilities votes, weighed by that; ' +
      'mode=online learns from a warm-up where to cut an unsure trace off, and stops at a consensus.',
    source: 'Fu et al., 2025',
    aliases: ['deep-think-with-confidence'],
    calls: 'n',
    depth: 'ceil(n / warmup)',
    needs: ['logprobs'],
  },
  options,
  (run, options) => (options.mode === 'online' ? online(run, options) : offline(run, options)),
)

async function offline(run: Run, options: Options): Promise<Completion> {
  const tally = run.tally()
  const traces = await heard(tally, drawingSure(run)(options.n), options)
  surestVote(tally, traces, options.keep, ({ sure }) => sure)
  if (traces.size === 0) run.note(unknown)
  return tally.winner
}

async function online(run: Run, options: Options): Promise<Completion> {
  const { n, keep, window, warmup, consensus } = options
  const tally = run.tally()
  const draw = drawingSure(run)
  const traces = await heard(tally, draw(Math.min(warmup, n)), options)
  const { last, most } = surestVote(tally, traces, keep, ({ lowest }) => lowest)
  if (traces.size === 0) run.note(unknown)
  if (n <= warmup || agreed()) return tally.winner

  const windows = new Map<number, ReturnType<typeof sliding>>()
  // An upstream that fails after the warm-up does not cost the warm-up's vote.
  await run.optional(goOn())
  return tally.winner

  async function goOn(): Promise<void> {
    for await (const { path, tokens } of draw(n - warmup, { cut, ahead: warmup })) {
      const trace = confidenceOf(tokens, options)
      tally.add(path, trace && trace.sure / most)
      if (agreed()) break
    }
  }

  /** Whether some full window of it is less sure than that of the least sure trace which was kept. */
  function cut({ index, logprobs }: Partial): boolean {
    const slide = windows.get(index) ?? sliding(window)
    windows.set(index, slide)
    return tokenConfidences(logprobs).some((confidence) => (slide(confidence) ?? Infinity) < last)
  }

  function agreed(): boolean {
    const all = tally.groups.reduce((sum, { weight }) => sum + weight, 0)
    return all > 0 && tally.groups[0]!.weight / all >= consensus
  }
}

type Trace = { readonly sure: number; readonly lowest: number }

/** Adds all to the tally, and tells how sure the model was of each, where that is known. */
async function heard(tally: Tally, traces: AsyncIterable<Sure>, options: Options): Promise<Map<Completion, Trace>> {
  const known = new Map<Completion, Trace>()
  for await (const { path, tokens } of traces) {
    tally.add(path)
    const trace = confidenceOf(tokens, options)
    if (trace) known.set(path, trace)
  }
  return known
}

function confidenceOf(tokens: Sure['tokens'], { measure, window }: Options): Trace | undefined {
  const values = tokenConfidences(tokens)
  if (values.length === 0) return undefined
  return { sure: measures[measure](values, window), lowest: measures.lowest(values, window) }
}

/**
 * The best share of the voters votes with its weight, and the others with none. Traces that were cut off are no voters
 * beside finished ones: a model that goes round in circles is very sure of itself.
 */
function surestVote(tally: Tally, traces: Map<Completion, Trace>, keep: number, value: (trace: Trace) => number) {
  const voters = tally.groups.flatMap(({ members }) => members)
  const known = voters.flatMap((path) => traces.get(path) ?? [])
  const kept = rankBy(known, value).slice(0, Math.ceil(keep * known.length))
  // In proportion to the surest, because the tally takes weights from 0 to 1.
  const most = Math.max(...kept.map(({ sure }) => sure), Number.MIN_VALUE)
  for (const path of kept.length > 0 ? voters : []) {
    const trace = traces.get(path)
    tally.weigh(path, trace && kept.includes(trace) ? trace.sure / most : 0)
  }
  return { last: kept.length > 0 ? value(kept.at(-1)!) : 0, most }
}

const unknown = 'No log-probabilities came with the answers, so each has one vote.'
