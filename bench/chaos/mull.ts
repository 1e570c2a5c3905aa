import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

/** Mull as a user starts it, in a process of its own. */
export interface Mull extends AsyncDisposable {
  readonly url: string
  readonly child: ChildProcess
  /** What it has written to its standard error since it serves. */
  readonly log: () => string
  /** Whether it still runs. */
  readonly alive: () => boolean
  /** Megabytes of memory that it has resident. */
  readonly memory: () => Promise<number>
}

export async function startMull(upstream: string, env: Record<string, string> = {}): Promise<Mull> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['src/cli.ts'], {
    env: { PATH, PORT: '0', UPSTREAM_BASE_URL: upstream, UPSTREAM_BACKOFF_MS: '10', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (bytes) => {
    log += bytes
  })
  let printed = ''
  for await (const bytes of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += bytes
    if (printed.includes('curl')) break
  }
  child.stdout.resume()
  const url = /listens on (\S+)/.exec(printed)?.[1]
  if (!url) throw new Error(`Mull did not start: ${printed}${log}`)
  // What it says of its start comes by another pipe.
  await new Promise((resolve) => setTimeout(resolve, 100))
  log = ''
  const exited = once(child, 'exit')
  return {
    url,
    child,
    log: () => log,
    alive: () => child.exitCode === null && child.signalCode === null,
    memory: async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
