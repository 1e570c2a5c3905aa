import { writeFile } from 'node:fs/promises'
import { percent, share } from '../src/eval/statistics/share.ts'
import { startScript } from './servers.ts'
import { type Point, plot } from './tiny/plot.ts'
import { heldOut, type Problem, solves } from './tiny/problems.ts'

/** The recipes that are compared, by their short names, and on how many problems; a single sample and the vote of sixteen on all. */
const recipes: readonly (readonly [string, number])[] = [
  ['none', 500],
  ['sc@4', 250],
  ['sc@8', 250],
  ['bon@8(scorer=agreement)', 250],
  ['sc@16', 500],
  ['ac@16', 500],
  ['ac', 500],
  ['sc@32', 150],
]
const atOnce = 2

type Row = Point & { readonly of: number; readonly calls: number }

/** tiny-r1, a real model, through the real proxy over HTTP: accuracy on held-out problems, with tokens and intervals. */
export async function tiny(): Promise<void> {
  await using mull = await startScript('src/cli.ts', { MULL_SEARCH: 'false' })
  const problems = await heldOut()
  const rows: Row[] = []
  for (const [recipe, of] of recipes) rows.push(await measure(mull.url, recipe, spread(problems, of)))

  console.error('\n### tiny-r1 on held-out problems, through the proxy\n')
  console.error('| recipe | problems | right, with 95 % interval | samples, mean | tokens, mean |')
  console.error('| --- | --- | --- | --- | --- |')
  for (const { name, of, right, calls, tokens } of rows)
    console.error(
      `| \`${name}\` | ${of} | ${percent(right.value)} % (${percent(right.low)} to ${percent(right.high)}) | ${calls.toFixed(1)} | ${tokens.toFixed(0)} |`,
    )
  await countdown(
    mull.url,
    problems.filter((problem) => !('answer' in problem)),
  )
  const file = new URL('tiny/accuracy.svg', import.meta.url)
  await writeFile(file, plot('tiny-r1: accuracy against tokens, 95 % intervals', rows))
  console.error(`\nThe plot is bench/tiny/accuracy.svg.`)
}

async function measure(url: string, recipe: string, problems: readonly Problem[]): Promise<Row> {
  let right = 0
  let calls = 0
  let tokens = 0
  await eachOf(problems, async (problem) => {
    const { choices, usage, mull } = await ask(url, problem, { model: `tiny-r1+${recipe}` })
    if (solves(problem, choices[0]!.message.content)) right++
    calls += mull!.calls
    tokens += usage.completion_tokens
  })
  const of = problems.length
  return { name: recipe, of, right: share(right, of), calls: calls / of, tokens: tokens / of }
}

/** Sixteen plain samples of each countdown: how often one is right, and how often the checker finds a right one among them. */
async function countdown(url: string, problems: readonly Problem[]): Promise<void> {
  if (problems.length === 0) return
  let right = 0
  let found = 0
  await eachOf(problems, async (problem) => {
    const { choices } = await ask(url, problem, { model: 'tiny-r1', n: 16 })
    const solved = choices.filter(({ message }) => solves(problem, message.content.split('</think>').at(-1)!)).length
    right += solved
    if (solved > 0) found++
  })
  const one = share(right / 16, problems.length)
  const best = share(found, problems.length)
  console.error(
    `\nCountdown, ${problems.length} problems: one sample ${percent(one.value)} %, the best of sixteen by the checker`,
  )
  console.error(`${percent(best.value)} % (${percent(best.low)} to ${percent(best.high)}).`)
}

type Answer = {
  choices: { message: { content: string } }[]
  usage: { completion_tokens: number }
  mull?: { calls: number }
}

async function ask(url: string, { id, question }: Problem, body: object): Promise<Answer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: question }], temperature: 0.8, seed: id, ...body }),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Answer
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items]
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** `count` of the items, evenly from the first to the last, so that every kind is among them. */
const spread = <T>(items: readonly T[], count: number): T[] =>
  items.filter(
    (_, index) => Math.floor((index * count) / items.length) !== Math.floor(((index - 1) * count) / items.length),
  )
