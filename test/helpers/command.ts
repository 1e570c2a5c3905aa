import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

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
