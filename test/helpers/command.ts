import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { vi } from 'vitest'

export type Ended = { readonly code: number; readonly out: string; readonly err: string }

/** An environment in which nothing of the machine's own is found. */
export const alone = { PATH: process.env['PATH'] ?? '', MULL_SEARCH: 'false', UPSTREAM_BACKOFF_MS: '1' }

/** Runs the command to its end, with nothing but `env` in its environment and `input` piped in. */
export async function command(words: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  const child = spawn(process.execPath, ['src/cli.ts', ...words], { env: { ...alone, ...env }, stdio: 'pipe' })
  child.stdin.on('error', () => {}).end(input)
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
  return { code, out, err }
}

/** Runs one subcommand in this process, which takes no start; with `env` beside what this process has. */
export async function inProcess(
  add: (program: Command) => void,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const out: string[] = []
  const err: string[] = []
  const printed = vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(out.push(String(text))))
  const said = vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(err.push(String(text))))
  const complained = vi.spyOn(console, 'error').mockImplementation((text) => void err.push(`${text}\n`))
  for (const [name, value] of Object.entries({ ...alone, ...env })) vi.stubEnv(name, value)
  const before = process.exitCode
  try {
    process.exitCode = undefined
    const program = new Command().exitOverride()
    add(program)
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    err.push(String(error))
    process.exitCode = 1
  } finally {
    vi.unstubAllEnvs()
    for (const spy of [printed, said, complained]) spy.mockRestore()
  }
  const code = Number(process.exitCode ?? 0)
  process.exitCode = before
  return { code, out: out.join(''), err: err.join('') }
}
