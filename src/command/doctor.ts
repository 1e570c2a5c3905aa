import type { Command } from 'commander'
import { capabilities } from '#core'
import { mainOf, titleOf } from '../config/index.ts'
import { consequences } from './consequences.ts'
import { examined } from './examination.ts'
import type { Finding } from './finding.ts'
import { mullHere } from './here.ts'
import { painter, type Style } from './paint.ts'
import { chosenUpstream, type UpstreamFlags, withUpstream } from './upstream.ts'

const examples = `
Examples:
  mull doctor                                                       the server that "mull" alone would choose
  mull doctor --upstream localhost:8000 -m deepseek-r1              one model of a server
  mull doctor --json | jq '.findings[] | select(.state != "ok")'    what is missing

It asks the model some twenty tiny questions: what they cost is what it costs. Exit codes: 0 the model answers, 1 it does
not, 2 not understood.`

/** `mull doctor` */
export function doctor(program: Command): void {
  withUpstream(program.command('doctor'))
    .description('find out what the upstream can do, and what to do where something is missing')
    .option('-m, --model <name>', 'the model to examine, without a recipe (default: the first listed)')
    .option('--json', 'print the findings as data')
    .addHelpText('after', examples)
    .action(async ({ model, json, ...flags }: UpstreamFlags & { model?: string; json?: true }) => {
      const config = await chosenUpstream(flags)
      const here = mullHere(config)
      const findings: Finding[] = []
      const tell = (finding: Finding, width: number) => {
        if (!json) process.stdout.write(shown(finding, width))
      }
      for await (const finding of examined(here, config, model)) {
        findings.push(finding)
        tell(finding, 14)
      }
      const answers = findings.some(({ check, state }) => check === 'answers' && state === 'ok')
      const can = Object.fromEntries(
        capabilities.map((name) => [name, findings.find(({ check }) => check === name)?.state === 'ok']),
      )
      const recipes = answers ? consequences(config, can) : []
      if (!json && answers) process.stdout.write('\nWhat that means for recipes:\n')
      for (const recipe of recipes) tell(recipe, 37)
      if (json) {
        const upstream = titleOf(mainOf(config)) ?? 'tiny-r1'
        process.stdout.write(`${JSON.stringify({ upstream, answers, findings, recipes }, null, 2)}\n`)
      }
      process.exitCode = answers ? 0 : 1
    })
}

const styles: Readonly<Record<Finding['state'], Style>> = { ok: 'green', no: 'yellow', failed: 'red' }

function shown({ check, state, found, todo }: Finding, width: number): string {
  const paint = painter(process.stdout)
  const line = `${paint(styles[state], state.padEnd(8))}${check.padEnd(width)}${found}\n`
  return todo === undefined ? line : `${line}${' '.repeat(8)}${paint('dim', `to do: ${todo}`)}\n`
}
