import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../test/helpers/free-port.ts'
import { bundleWorker, startWorkerd } from '../test/helpers/workerd.ts'

/** A server in a process of its own, on loopback. */
export interface Server extends AsyncDisposable {
  readonly url: string
  /** What its clients have to send along. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Runs a script on Node with `PORT` and `env`, and with `flags`, `{port}` in them filled in; resolves once it accepts connections. */
export async function startScript(
  script: string,
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Server> {
  const port = await freePort()
  const child = spawn(process.execPath, [script, ...flags.map((flag) => flag.replace('{port}', String(port)))], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), ...env },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  while (!(await accepts(port))) await setTimeout(20)
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Runs a Worker of this project in workerd. */
export async function startWorker(entry: string, env: Record<string, string>): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'mull-bench-'))
  const worker = await startWorkerd({ script: await bundleWorker(entry, join(folder, 'worker.js')), env })
  return {
    url: worker.url,
    async [Symbol.asyncDispose]() {
      await worker.close()
      await rm(folder, { recursive: true })
    },
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
