import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { bestOf100, treeOn } from './strategies/game24.ts'
import { codetOn } from './strategies/humaneval.ts'
import { onMath } from './strategies/on-recordings.ts'
import { onSimulation } from './strategies/on-simulation.ts'
import { onTiny } from './strategies/on-tiny.ts'
import { tableOf } from './strategies/row.ts'

/**
 * All strategies on a simulated model, on tiny-r1 and, where RECORDINGS names a folder of them, on recorded samples of real
 * models; all of it together is written to strategies/results.md.
 */
export async function strategies(): Promise<void> {
  const said: string[] = []
  const say = (text: string) => {
    said.push(text)
    console.error(`\n${text}`)
  }
  say(tableOf('A simulated model, 400 questions', await onSimulation(400)))
  say(tableOf('tiny-r1, arithmetic and word problems that it was not trained on', await onTiny(24)))
  const folder = process.env['RECORDINGS']
  if (!folder) return
  say(tableOf('MATH, level 5: 241 questions, each answered by 41 models, in four orders', await onMath(folder)))
  say(await recordedSearches(folder))
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}.`
  await writeFile(new URL('strategies/results.md', import.meta.url), [about, machine, '', ...said].join('\n'))
}

/** Searches over what GPT-4 and CodeGen-16B were recorded to say. */
async function recordedSearches(folder: string): Promise<string> {
  const rows: string[] = []
  for (const how of ['io', 'cot']) {
    const { one, best } = await bestOf100(folder, `game24_gpt4_${how}100.jsonl.gz`)
    rows.push(`| Game of 24, GPT-4 (${how}) | best-of-n of 100, exact check | ${one.toFixed(1)} % | ${best} % |`)
  }
  const { first, five } = await treeOn(folder)
  rows.push(`| Game of 24, thoughts of GPT-4 | tree-of-thoughts, breadth first, five kept | | ${first} % |`)
  rows.push(`| | the same, any of the last five | | ${five} % |`)
  const { one, chosen } = await codetOn(folder)
  rows.push(
    `| HumanEval, CodeGen-16B, 100 programs | dual agreement (codet) | ${one.toFixed(1)} % | ${chosen.toFixed(1)} % |`,
  )
  const head = ['| recorded | searched by | one sample | found |', '| --- | --- | --- | --- |']
  return ['### Recorded samples, searched anew', '', ...head, ...rows, ''].join('\n')
}

const about = `# What the strategies are worth

Written by \`RECORDINGS=folder npm run bench -- strategies\`. Every strategy with its defaults, beside a plain vote over as many
samples as its tokens would have paid for. *Depth* is the longest chain of calls that waited for one another.

The simulated model (\`simulated.ts\`) is a simulation: independent samples, and stated skills at judging, choosing and
taking over answers. It writes whole answers where a strategy asks for a step, so what it says of searches by steps
(\`beam-search\`, \`dvts\`, \`rebase\`, \`particle-filter\`, \`tree-of-thoughts\`) is how they spend, not what they are worth.
tiny-r1 is a real model, but one that follows no instruction beyond its problems: what asks it to criticise, to plan or to
read other answers loses there, and shows only that it runs. The recordings are of large models.
`
