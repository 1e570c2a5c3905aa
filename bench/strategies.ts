import { bestOf100, treeOn } from './strategies/game24.ts'
import { codetOn } from './strategies/humaneval.ts'
import { onMath } from './strategies/on-recordings.ts'
import { onSimulation } from './strategies/on-simulation.ts'
import { onTiny } from './strategies/on-tiny.ts'
import { printRows } from './strategies/row.ts'

/** All strategies on a simulated model, on tiny-r1 and, where RECORDINGS names a folder of them, on recorded samples of real models. */
export async function strategies(): Promise<void> {
  printRows(
    'Every strategy with its defaults on a simulated model (bench/strategies/simulated.ts)',
    await onSimulation(400),
  )
  printRows('Every strategy with its defaults on tiny-r1, arithmetic and word problems', await onTiny(24))
  const folder = process.env['RECORDINGS']
  if (!folder) return
  printRows('MATH, level 5: one answer of each of 41 models to 241 questions', await onMath(folder))
  console.error('\n### Game of 24, 100 samples of GPT-4 for each of 100 puzzles, best of 100 by the exact check\n')
  console.error('| samples | one | best of 100 |')
  console.error('| --- | --- | --- |')
  for (const how of ['io', 'cot']) {
    const { one, best } = await bestOf100(folder, `game24_gpt4_${how}100.jsonl.gz`)
    console.error(`| ${how} | ${one.toFixed(1)} % | ${best} % |`)
  }
  const { first, five } = await treeOn(folder)
  console.error(
    `\nThe recorded thoughts of GPT-4, searched by tree-of-thoughts (breadth first, five kept): ${first} of 100`,
  )
  console.error(`answered right, ${five} with a right one among the last five.`)
  const { one, chosen } = await codetOn(folder)
  console.error('\n### HumanEval, 100 programs of CodeGen-16B for each of 164 problems, with generated tests\n')
  console.error(`One program ${one.toFixed(1)} %, by CodeT's dual agreement ${chosen.toFixed(1)} %.`)
}
