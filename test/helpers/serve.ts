import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { alone } from './command.ts'

/** Runs `mull serve` as a process of its own, and resolves once it listens; by Node, unless it is said what else runs it. */
export async function startServe(
  env: Record<string, string>,
  args: readonly string[] = [],
  [program, ...words]: readonly [string, ...string[]] = [process.execPath],
) {
  const child = spawn(program, [...words, 'src/cli.ts', ...args], {
    env: { ...alone, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const close = async () => {
    child.kill('SIGKILL')
    await exited
  }
  let said = ''
  child.stderr.on('data', (bytes) => {
    said += bytes
  })
  for await (const bytes of child.stdout.iterator({ destroyOnReturn: false })) {
    said += bytes
    const [, url] = /listens on (\S+)/.exec(said) ?? []
    if (url) return { url, close, child, said: () => said, [Symbol.asyncDispose]: close }
  }
  throw new Error(`mull serve did not start: ${said}`)
}
