import { type Command, InvalidArgumentError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { type Config, mainOf } from '../config/index.ts'
import { configFile } from '../node/config-file.ts'
import type { Listening } from '../node/listen.ts'
import { type Running, startNode } from '../node.ts'
import { reloadWhenChanged } from './reload.ts'
import { chosenUpstream, type UpstreamFlags, withUpstream } from './upstream.ts'

type ListenFlags = { readonly port?: string; readonly host?: string }
type ServeFlags = UpstreamFlags & ListenFlags & { readonly check?: true }

const examples = `
Examples:
  mull                                       searches this machine: Ollama, vLLM, LM Studio, llama.cpp, SGLang
  mull --no-search                           tiny-r1, the small model built in
  mull --upstream localhost:8000             a bare host means its /v1
  UPSTREAM_API_KEY=sk-… mull --upstream https://api.deepseek.com/v1 --port 8788

Then give any OpenAI client the base URL http://127.0.0.1:8787/v1 and a model name such as deepseek-r1+sc@16.`

/** `mull serve`, or `mull` alone. */
export function serve(program: Command): void {
  withUpstream(withListening(program.command('serve')))
    .description('serve the proxy (what "mull" alone does)')
    .option('--check', 'read the configuration, say what is wrong with it, and serve nothing')
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => {
      const read = () => chosenUpstream(flags, listeningAs(flags))
      const config = await read()
      if (flags.check) return console.error('The configuration is right.')
      const running = await startNode(config)
      stopOnSignals(running)
      const file = configFile(flags, process.env)
      if (file !== undefined) reloadWhenChanged(file, running, read)
      process.stdout.write(await greeting(config, running))
    })
}

/** The flags of every command that listens. */
export const withListening = (command: Command): Command =>
  command
    .option('--port <number>', 'where to listen (PORT, 8787)', port)
    .option('--host <address>', 'on which address (HOST, 127.0.0.1)')

/** The environment, with what the flags say in place of its own. */
export function listeningAs({ port, host }: ListenFlags): Record<string, string | undefined> {
  const { PORT, HOST } = process.env
  return { ...process.env, PORT: port ?? PORT, HOST: host ?? HOST }
}

/** The first signal lets what is running finish, a second one does not wait. */
export function stopOnSignals({ close }: Listening): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    close().then(() => process.exit(0))
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
}

export function curl(url: string, model: string, authorization = ''): string {
  const body = { model, messages: [{ role: 'user', content: 'What is 73 × 68?' }] }
  return `curl ${url}/v1/chat/completions -H 'content-type: application/json'${authorization} -d '${JSON.stringify(body)}'`
}

async function greeting(config: Config, { url, engine }: Running) {
  const main = mainOf(config)
  const listed = await engine()
    .models({ headers: new Headers(), key: null })
    .catch(() => [])
  // An alias may have a recipe in it already.
  const model = (listed.find(({ id }) => !Object.hasOwn(config.aliases, id)) ?? listed[0])?.id ?? '<model>'
  const authorization = config.keys.length > 0 || (main.url && !main.key) ? ' -H "authorization: Bearer $KEY"' : ''
  const unlisted = listed.length === 0 ? ' (the list of models could not be read: "mull doctor" looks why)' : ''
  return `Mull ${manifest.version} listens on ${url}${unlisted}
Open it in a browser to ask and to watch the search, or try:
  ${curl(url, `${model}+self-consistency@16`, authorization)}
`
}

function port(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text
  throw new InvalidArgumentError('It is no number from 0 to 65535.')
}
