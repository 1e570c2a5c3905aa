import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { freePort } from './free-port.ts'

/** Where a browser is to be found; tests that need one are skipped, visibly, where there is none. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A server that was started by a command. */
export type Started = { readonly url: string; close(): Promise<void> }

/** Runs a command of Node's until it says that it serves, in words that hold its address. */
async function started(words: readonly string[], env: Record<string, string>, says: RegExp): Promise<Started> {
  const child = spawn(process.execPath, words, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'pipe' })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (piece: Buffer) => {
      printed += piece
      const found = says.exec(printed)?.[1]
      if (found) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    exited.then(() => reject(new Error(`${words.join(' ')} ended: ${printed}`)))
  })
  return {
    url,
    close: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** The command, in front of tiny-r1. */
export const startCommand = (env: Record<string, string> = {}): Promise<Started> =>
  started(['src/cli.ts', '--port', '0'], { MULL_SEARCH: 'false', MULL_DRAIN_MS: '0', ...env }, /listens on (\S+)/)

/** The Worker with tiny-r1 in it and the page beside it, as wrangler.toml has them. */
export async function startWrangler(variables: Record<string, string>): Promise<Started> {
  const given = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const words = ['node_modules/wrangler/bin/wrangler.js', 'dev', 'src/worker-tiny.ts', '--ip', '127.0.0.1']
  // It says 0 where it listens on a port that it was to choose itself.
  const ports = ['--port', String(await freePort()), '--inspector-port', String(await freePort())]
  const env = {
    HOME: process.env['HOME'] ?? '/tmp',
    CI: '1',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
  return started([...words, ...ports, '--show-interactive-dev-session=false', ...given], env, /Ready on (\S+)/)
}
