import type { Command } from 'commander'
import { capabilities } from '#core'
import { called } from './called.ts'
import { consequences } from './consequences.ts'
import { examined } from './examination.ts'
import type { Finding } from './finding.ts'
import { painter, type Style } from './paint.ts'
import { type Subject, subjectsOf } from './subjects.ts'
import { chosenUpstream, type UpstreamFlags, withUpstream } from './upstream.ts'

const examples = `
Examples:
  mull doctor                                                       the server that "mull" alone would choose
  mull doctor --upstream localhost:8000 -m deepseek-r1              one model of a server
  mull doctor -m deepseek-r1                                        of several, those that serve it
  mull doctor --json | jq '.upstreams[].findings[] | select(.state != "ok")'

Each upstream of the configuration is examined, and each of its replicas asked. One of its models gets some twenty tiny
questions: what they cost is what it costs. Exit codes: 0 all answer, 1 one does not, 2 not understood.`

/** `mull doctor` */
export function doctor(program: Command): void {
  withUpstream(program.command('doctor'))
    .description('find out what the upstreams can do, and what to do where something is missing')
    .option('-m, --model <name>', 'the model to examine, without a recipe (default: the first listed)')
    .option('--json', 'print the findings as data')
    .addHelpText('after', examples)
    .action(async ({ model, json, ...flags }: UpstreamFlags & { model?: string; json?: true }) => {
      const config = await chosenUpstream(flags)
      const write = (text: string) => void (json || process.stdout.write(text))
      const upstreams: Examined[] = []
      for (const subject of subjectsOf(config, model)) {
        if (subject.name !== undefined) write(`${upstreams.length > 0 ? '\n' : ''}${subject.name}, ${subject.title}\n`)
        upstreams.push(await examine(subject, write))
      }
      const answers = upstreams.every(({ answers }) => answers)
      if (json) process.stdout.write(`${JSON.stringify({ answers, upstreams }, null, 2)}\n`)
      const failing = upstreams.flatMap(({ name, answers }) => (answers ? [] : (name ?? [])))
      if (failing.length > 0)
        write(`\nOf ${upstreams.length} upstreams ${failing.length} gave no answer: ${failing.join(', ')}.\n`)
      process.exitCode = answers && !upstreams.some(({ findings }) => findings.some(isFault)) ? 0 : 1
    })
}

type Examined = {
  readonly name: string | undefined
  readonly upstream: string
  readonly answers: boolean
  readonly findings: readonly Finding[]
  readonly recipes: readonly Finding[]
}

/** A replica that is not there, or answers nothing, is one, though others stand in for it. */
const isFault = ({ check, state }: Finding) => state === 'failed' && ['reachable', 'key', 'answers'].includes(check)

async function examine(subject: Subject, write: (text: string) => void): Promise<Examined> {
  const { name, title, config } = subject
  const findings: Finding[] = []
  for await (const finding of examined(subject)) {
    findings.push(finding)
    write(shown(finding, 14))
  }
  const isOk = (name: string) => findings.some(({ check, state }) => check === name && state === 'ok')
  const answers = isOk('answers')
  const can = Object.fromEntries(capabilities.map((name) => [name, isOk(name)]))
  const recipes = answers ? consequences(config, can, called(name)) : []
  if (answers) write('\nWhat that means for recipes:\n')
  for (const recipe of recipes) write(shown(recipe, 37))
  return { name, upstream: title, answers, findings, recipes }
}

const styles: Readonly<Record<Finding['state'], Style>> = { ok: 'green', no: 'yellow', failed: 'red' }

function shown({ check, state, found, todo }: Finding, width: number): string {
  const paint = painter(process.stdout)
  const line = `${paint(styles[state], state.padEnd(8))}${check.padEnd(width)}${found}\n`
  return todo === undefined ? line : `${line}${' '.repeat(8)}${paint('dim', `to do: ${todo}`)}\n`
}
