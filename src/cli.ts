#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import manifest from '../package.json' with { type: 'json' }
import { type Config, readConfig } from './config.ts'
import { type Listening, type Running, startNode, startTiny } from './node.ts'

const usage = `mull ${manifest.version}: a test-time-compute proxy behind the OpenAI API

  mull [--port 8787] [--host 127.0.0.1]

  UPSTREAM_BASE_URL=http://localhost:8000/v1 mull    in front of vLLM, or any other OpenAI-compatible server
  mull                                               with tiny-r1, the small model built in
  mull tiny                                          tiny-r1 alone, without the proxy

A file .env in the working directory is read, too. The README lists every variable.
`

try {
  await main()
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  if (values.help) return print(usage)
  if (values.version) return print(`${manifest.version}\n`)
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { PORT, HOST } = process.env
  const config = readConfig({ ...process.env, PORT: values.port ?? PORT, HOST: values.host ?? HOST })
  const [command, ...more] = positionals
  if (command !== undefined && (command !== 'tiny' || more.length > 0))
    throw new Error(`There is no command "${positionals.join(' ')}".\n\n${usage}`)
  if (command === 'tiny') {
    const listening = await startTiny(config)
    stopOnSignals(listening)
    print(tinyGreeting(listening))
  } else {
    const running = await startNode(config)
    stopOnSignals(running)
    print(await greeting(config, running))
  }
}

/** The first signal lets what is running finish, a second one does not wait. */
function stopOnSignals({ close }: Listening): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    close().then(() => process.exit(0))
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
}

async function greeting({ UPSTREAM_BASE_URL, UPSTREAM_API_KEY, MULL_API_KEYS }: Config, { url, engine }: Running) {
  const key = UPSTREAM_API_KEY ?? null
  const listed = await engine.models({ headers: new Headers(), key }).catch(() => [])
  const model = listed[0]?.id ?? '<model>'
  const authorization =
    MULL_API_KEYS.length > 0 || (UPSTREAM_BASE_URL && !UPSTREAM_API_KEY) ? ' -H "authorization: Bearer $KEY"' : ''
  return `Mull ${manifest.version} listens on ${url}
Upstream: ${UPSTREAM_BASE_URL ?? 'tiny-r1, a small model in this process (UPSTREAM_BASE_URL puts a larger one here)'}${
    listed.length === 0 ? ' (its list of models could not be read)' : ''
  }
Try:
  ${curl(url, `${model}+self-consistency@16`, authorization)}
`
}

function tinyGreeting({ url }: Listening): string {
  return `tiny-r1 listens on ${url}
Try:
  ${curl(url, 'tiny-r1')}
`
}

function curl(url: string, model: string, authorization = ''): string {
  const body = { model, messages: [{ role: 'user', content: 'What is 73 × 68?' }] }
  return `curl ${url}/v1/chat/completions -H 'content-type: application/json'${authorization} -d '${JSON.stringify(body)}'`
}

function print(text: string): void {
  process.stdout.write(text)
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Choose another one: PORT=8788 npm start`
  return error.message
}
