import type { Command } from 'commander'
import { mullHere } from './here.ts'
import { table } from './paint.ts'
import { chosenUpstream, type UpstreamFlags, withUpstream } from './upstream.ts'

const examples = `
Examples:
  mull models                                  of the server that "mull" alone would choose
  mull models --upstream localhost:11434       of Ollama
  mull models --json | jq -r '.data[].id'      each model with each strategy, too, as GET /v1/models lists them`

type About = {
  readonly alias_of?: string
  readonly strategy?: string
  readonly can?: Readonly<Record<string, unknown>>
}

/** `mull models` */
export function models(program: Command): void {
  withUpstream(program.command('models'))
    .description('list the models that can be asked for')
    .option('--json', 'print what GET /v1/models answers')
    .addHelpText('after', examples)
    .action(async ({ json, ...flags }: UpstreamFlags & { json?: true }) => {
      const { engine, caller } = mullHere(await chosenUpstream(flags))
      const data = await engine.models(caller)
      if (json) return void process.stdout.write(`${JSON.stringify({ object: 'list', data }, null, 2)}\n`)
      const about = data.map(({ id, mull = {}, owned_by }) => ({ id, owner: owned_by, ...(mull as About) }))
      const rows = about
        .filter(({ strategy }) => strategy === undefined)
        .map(({ id, owner, alias_of: target, can }) => [
          id,
          target ? `stands for ${target}` : can ? able(can) : `${owner ?? ''}`,
        ])
      process.stdout.write(table(['model', ''], rows, process.stdout))
      const first = rows[0]?.[0] ?? 'MODEL'
      console.error(`Each takes a recipe: mull ask "…" -m "${first}+sc@16". "mull strategies" lists what there is.`)
    })
}

const able = (can: Readonly<Record<string, unknown>>) =>
  Object.entries(can)
    .map(([name, how]) => (how === false ? `-${name}` : how === true ? name : `${name}:${how}`))
    .join(', ')
