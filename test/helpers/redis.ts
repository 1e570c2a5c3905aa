import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'

/** Whether this machine has a Redis to test against. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A Redis of its own on a loopback port, which forgets everything when it ends. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string
  /** Stops answering without closing a connection, until `wake`. */
  sleep(): void
  wake(): void
  close(): Promise<void>
}

/** Starts one; on the port of an earlier one, if it is given. */
export async function startRedis(port?: number): Promise<RedisServer> {
  port ??= await freePort()
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const exited = once(child, 'exit')
  const close = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (/ready to accept/i.test(line)) return
    throw new Error(`redis-server ended before it was ready on port ${port}.`)
  })()
  await ready
  child.stdout.resume()
  return {
    url: `redis://127.0.0.1:${port}`,
    sleep: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    close,
    [Symbol.asyncDispose]: close,
  }
}
