import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { Command } from 'commander'
import { BadRequest } from '#core'
import manifest from '../../package.json' with { type: 'json' }
import { recipesIn } from '../eval/contestant.ts'
import { BadData, readItems } from '../eval/data/read.ts'
import { evaluate, inWords } from '../eval/evaluate.ts'
import { Folder, files } from '../eval/folder.ts'
import { rowsOf } from '../eval/report/table.ts'
import { contest } from './contest.ts'
import { EvalProgress } from './eval-progress.ts'
import { count, within } from './numbers.ts'
import { table } from './paint.ts'
import { type Prices, price } from './price.ts'
import { address, type UpstreamFlags, withUpstream } from './upstream.ts'

export type EvalFlags = UpstreamFlags & {
  readonly model?: string
  readonly recipes: string
  readonly baseline?: string
  readonly url?: string
  readonly out?: string
  readonly limit?: number
  readonly concurrency: number
  readonly seed?: number
  readonly temperature?: number
  readonly maxTokens?: number
  readonly system?: string
  readonly price?: Prices
  readonly json?: true
}

const examples = `
Examples:
  mull eval examples/eval/arithmetic.jsonl --no-search       tiny-r1, the model in the box
  mull eval data.jsonl -m r1 --recipes "none,sc@8,ac@40,bon@8(scorer=judge)"
  mull eval data.jsonl -m small,large --recipes none,sc@16   is the small one with a vote as good as the large one?
  mull eval data.jsonl -m gpt-4o-mini --price 0.15,0.60 --limit 50
  mull eval data.jsonl --url http://127.0.0.1:8787 --recipes none,sc@8    a Mull that runs already

A line of the data is JSON: {"question": "What is 6 × 7?", "answer": "42"}. GSM8K (#### 42), MATH (solution with \\boxed),
multiple choice (choices with answer or answerKey), messages with answer, pattern (a regular expression), schema (a JSON
schema), and tests or "verify": true (the verifier at MULL_VERIFY_URL) are understood, too.

Samples are drawn once: sc@4, sc@8 and sc@32 together cost one run of 32. Whatever ends it, the same command goes on where
it was. The report is report.html and report.json in the folder --out. Exit codes: 0 done, 1 failed or answers are missing,
2 not understood, 130 stopped.`

/** `mull eval` */
export function evaluation(program: Command): void {
  const command = withUpstream(program.command('eval'))
  command
    .description('find out what recipes are worth on your own questions, and what they cost')
    .argument('<data>', 'a file of questions with answers, as JSON lines')
    .option('-m, --model <names>', 'the model, or several with commas between (default: the first listed)')
    .option('--recipes <list>', 'what to compare, with commas between', 'none,sc@4,sc@8,sc@16')
    .option('--baseline <recipe>', 'which of them the others are compared with (default: the first)')
    .option('--url <url>', 'have a Mull that runs already answer; --key is then its key', address)
    .option('--out <folder>', 'where everything is kept (default: mull-eval/<data>)')
    .option('--limit <number>', 'only the first so many questions', count)
    .option('--concurrency <number>', 'how many questions at once', count, 4)
    .option('--seed <number>', 'a seed for the samples, for upstreams that take one', count)
    .option('--temperature <number>', 'the temperature (default: the upstream’s own)', within(0, 2))
    .option('--max-tokens <number>', 'the most tokens of a sample', count)
    .option('--system <text>', 'a system message before each question')
    .option('--price <in,out>', 'US dollars for a million tokens in and out; model=in,out for one of several', price)
    .option('--json', 'print report.json')
    .addHelpText('after', examples)
    .action(async (data: string, flags: EvalFlags) => {
      try {
        process.exitCode = await evaluated(data, flags)
      } catch (error) {
        if (!(error instanceof BadData || error instanceof BadRequest)) throw error
        console.error(error.message)
        process.exitCode = 2
      }
    })
}

/** Resolves to the exit code. */
async function evaluated(data: string, flags: EvalFlags): Promise<number> {
  const all = readItems(await readFile(data, 'utf8'), data, flags.system)
  const items = all.slice(0, flags.limit)
  const recipes = recipesIn(flags.recipes)
  const baseline = flags.baseline ?? recipes[0]
  if (baseline === undefined || !recipes.includes(baseline))
    throw new BadData(`--baseline is "${baseline}", which is none of the recipes ${recipes.join(', ')}.`)
  const out = flags.out ?? join('mull-eval', basename(data, extname(data)))
  await using folder = await Folder.open(out)
  using stop = stopOnSignals()
  const contested = await contest(flags, recipes, folder.bank)
  const { contestants, services } = contested
  // Who has no verifier is told so before anything is asked.
  if (items.some(({ check }) => check.kind === 'verifier')) services('verify')
  const progress = new EvalProgress(process.stderr, folder.bank)
  const found = await evaluate({
    ...contested,
    mull: manifest.version,
    file: data,
    baseline: contestants.find(({ recipe }) => recipe === baseline)!.name,
    price: (model) => flags.price?.[model] ?? flags.price?.[''],
    folder,
    items,
    concurrency: flags.concurrency,
    signal: stop.signal,
    watch: progress,
  }).finally(() => progress.end())
  if (!found) {
    console.error(`Stopped. What was answered is in ${out}: the same command goes on from there.`)
    return 130
  }
  const { report, failures } = found
  if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else {
    const { head, rows } = rowsOf(report)
    process.stdout.write(`${table(head, rows, process.stdout)}\n${report.verdict.sentence}\n`)
  }
  for (const sentence of inWords(failures)) console.error(sentence)
  if (failures.length > 0) console.error('The same command asks again for what is missing.')
  console.error(`The report: ${join(out, files.page)}, ${join(out, files.report)}`)
  return failures.length > 0 ? 1 : 0
}

/** The first signal lets nothing new begin and cancels what is under way, a second one does not wait. */
function stopOnSignals(): { readonly signal: AbortSignal } & Disposable {
  const stop = new AbortController()
  const leave = () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort(new Error('Stopped.'))
  }
  const names = ['SIGINT', 'SIGTERM'] as const
  for (const name of names) process.on(name, leave)
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      for (const name of names) process.off(name, leave)
    },
  }
}
