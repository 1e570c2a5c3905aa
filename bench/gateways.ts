import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare, events } from './compare.ts'
import { type Server, startScript } from './servers.ts'

/** The last release, with the versions of Hono that it was made with: with newer ones its streams answer 500 on Node. */
const portkeyPackage = {
  private: true,
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { hono: '4.9.7', '@hono/node-server': '1.13.5' },
}

/**
 * Mull, as it comes, with what production asks for, and with everything on that costs something, beside the nearest
 * gateway: one run, one upstream.
 */
export async function gateways(): Promise<void> {
  await using upstream = await startScript('bench/servers/upstream.ts', { EVENTS: String(events) })
  const env = { UPSTREAM_BASE_URL: `${upstream.url}/v1` }
  await using portkey = await installPortkey()
  const kept = 'Mull with keys, budgets, metrics and tracing'
  const full = 'Mull, everything on'
  const servers = {
    'Hono + node:http': () => startScript('bench/servers/bare-http.ts', env),
    Mull: () => startScript('src/cli.ts', env),
    [kept]: () => startInProduction(env),
    [full]: () => startInProduction(env, { MULL_LOG: 'json' }),
    Portkey: () => portkey.start(env.UPSTREAM_BASE_URL),
  }
  await compare('Gateways on Node', upstream, servers, [
    { label: 'Mull against the bare relay', of: 'Mull', to: ['Hono + node:http'] },
    { label: `${kept}, against the bare relay`, of: kept, to: ['Hono + node:http'] },
    { label: `${full}, against the bare relay`, of: full, to: ['Hono + node:http'] },
    { label: 'Portkey against Mull', of: 'Portkey', to: ['Mull'] },
    { label: `Portkey against ${full}`, of: 'Portkey', to: [full] },
  ])
}

/** So high that none is met, and each is counted. */
const limits = { requestsPerMinute: 1e9, tokensPerMinute: 1e12, spendPerDay: 1e9 }

async function startInProduction(env: Record<string, string>, more: Record<string, string> = {}): Promise<Server> {
  const server = await startScript('src/cli.ts', {
    ...env,
    MULL_API_KEYS: JSON.stringify([{ name: 'bench', key: 'sk-bench', ...limits }]),
    MULL_PRICES: JSON.stringify({ '*': { input: 0.1, output: 0.4 } }),
    MULL_TRACES: 'full',
    OTEL_EXPORTER_OTLP_ENDPOINT: env['UPSTREAM_BASE_URL']!.replace(/\/v1$/, ''),
    ...more,
  })
  return withHeaders(server, { authorization: 'Bearer sk-bench' })
}

/** Installed for this run into a folder of its own, so that nobody else has to have it. */
async function installPortkey() {
  const folder = await mkdtemp(join(tmpdir(), 'mull-portkey-'))
  await writeFile(join(folder, 'package.json'), JSON.stringify(portkeyPackage))
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' })
  return {
    async start(baseUrl: string): Promise<Server> {
      const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
      const server = await startScript(script, {}, ['--port={port}', '--headless'])
      const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': baseUrl, authorization: 'Bearer none' }
      return withHeaders(server, headers)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

const withHeaders = (server: Server, headers: Record<string, string>): Server => ({
  url: server.url,
  headers,
  [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
})
