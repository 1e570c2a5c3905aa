import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** A Worker served by workerd on a loopback port. */
export interface Workerd extends AsyncDisposable {
  /** Its origin, without a trailing slash. */
  url: string
  /** Ends the process and removes what it was given. */
  close(): Promise<void>
}

const executable = fileURLToPath(new URL('../../node_modules/workerd/bin/workerd', import.meta.url))

// A Worker may reach public addresses only, unless it is told otherwise; the fake upstream is on loopback.
const config = (
  variables: string[],
  attached: string[],
  objects: string | undefined,
) => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["private", "local"])),
    ${objects ? `(name = "objects", disk = (path = "${objects}", writable = true)),` : ''}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),${attached.map(moduleOf).join('')}
  ],
  bindings = [${[...variables.map(bindingOf), ...(objects ? [toObjects] : [])].join(', ')}],${objects ? ofObjects : ''}
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["enable_request_signal"],
);
`

const bindingOf = (name: string) => `(name = "${name}", fromEnvironment = "${name}")`

/** What wrangler.toml says of Durable Objects, in workerd's words. */
const toObjects = '(name = "MULL_STATE", durableObjectNamespace = "MullState")'
const ofObjects = `
  durableObjectNamespaces = [(className = "MullState", uniqueKey = "mull-state", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),`

/** A file beside the script, by its name. */
const moduleOf = (name: string) => `
    (name = "${name}", ${name.endsWith('.wasm') ? 'wasm' : 'data'} = embed "${name}"),`

/**
 * Serves the bundled module at `script`, with `env` as its text bindings, the files beside it that are no scripts, and the
 * Durable Objects of wrangler.toml if it is `bound` to them. Resolves once it listens.
 */
export async function startWorkerd(options: {
  script: string
  env: Record<string, string>
  bound?: boolean
}): Promise<Workerd> {
  const folder = await mkdtemp(join(tmpdir(), 'mull-workerd-'))
  await copyFile(options.script, join(folder, 'worker.js'))
  const attached = (await readdir(dirname(options.script))).filter((name) => /\.(wasm|bin)$/.test(name))
  for (const name of attached) await copyFile(join(dirname(options.script), name), join(folder, name))
  const objects = options.bound ? await mkdtemp(join(folder, 'objects-')) : undefined
  await writeFile(join(folder, 'config.capnp'), config(Object.keys(options.env), attached, objects))
  const child = spawn(executable, ['serve', '--control-fd=3', join(folder, 'config.capnp')], {
    env: options.env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const complaint = text(child.stderr!)
  const close = async () => {
    child.kill('SIGKILL')
    await exited.catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const events = createInterface({ input: child.stdio[3] as Readable })
    const stopped = exited.then(async () => {
      throw new Error(`workerd stopped: ${await complaint}`)
    })
    const [line] = (await Promise.race([once(events, 'line'), stopped])) as [string]
    const { port } = JSON.parse(line) as { port: number }
    return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Bundles the Worker at `entry` into `outfile` as wrangler would for a deployment, with the configuration file at
 * `settings` if one is given, and gives that path back.
 */
export async function bundleWorker(entry: string, outfile: string, settings?: string): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    target: 'es2024',
    supported: { using: true, 'import-source': true },
    external: ['node:*', 'cloudflare:*'],
    define: { 'process.env.NODE_ENV': '"production"', 'navigator.userAgent': '"Cloudflare-Workers"' },
    logLevel: 'silent',
    alias: Object.fromEntries(
      [...(await readFile('wrangler.toml', 'utf8')).matchAll(/^"(mull\/\w+)" = "(.*)"$/gm)].map(([, name, path]) => [
        name,
        path,
      ]),
    ),
    plugins: settings === undefined ? [beside] : [beside, configured(settings)],
  })
  return outfile
}

const configured = (settings: string): Plugin => ({
  name: 'configured',
  setup({ onResolve }) {
    onResolve({ filter: /\/mull\.config\.ts$/ }, () => ({ path: settings }))
  },
})

/** Modules that are no scripts stay files of their own. */
const beside: Plugin = {
  name: 'beside',
  setup({ onResolve, initialOptions: { outfile } }) {
    onResolve({ filter: /\.(wasm|bin)$/ }, async ({ path, resolveDir }) => {
      await copyFile(join(resolveDir, path), join(dirname(outfile!), basename(path)))
      return { path: `./${basename(path)}`, external: true }
    })
  },
}
