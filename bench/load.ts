import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Server } from './servers.ts'

/** Where load goes to. */
export type Target = Pick<Server, 'url' | 'headers'>

const autocannon = fileURLToPath(import.meta.resolve('autocannon'))

/** Requests a second over `seconds` at `connections`, by autocannon in a process of its own. Throws if any failed. */
export async function throughput(target: Target, body: object, connections: number, seconds: number): Promise<number> {
  const headers = Object.entries(headersFor(target)).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const args = ['-j', '-m', 'POST', '-c', connections, '-d', seconds, ...headers]
  const child = spawn(process.execPath, [autocannon, ...args.map(String), '-b', JSON.stringify(body), path(target)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const report = (await json(child.stdout)) as { requests: { average: number }; errors: number; non2xx: number }
  if (report.errors > 0 || report.non2xx > 0)
    throw new Error(`${target.url}: ${report.errors} errors, ${report.non2xx} not 2xx`)
  return report.requests.average
}

/** One request after another on one connection: milliseconds to the first byte of the body and to the end, each. */
export async function oneByOne(
  target: Target,
  body: object,
  count: number,
): Promise<{ first: number[]; whole: number[] }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const text = JSON.stringify(body)
  const headers = { ...headersFor(target), 'content-length': Buffer.byteLength(text) }
  const first: number[] = []
  const whole: number[] = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    const call = request(path(target), { agent, method: 'POST', headers })
    call.end(text)
    const [reply] = await once(call, 'response')
    reply.once('data', () => first.push(performance.now() - start))
    reply.resume()
    await once(reply, 'end')
    whole.push(performance.now() - start)
  }
  agent.destroy()
  return { first, whole }
}

const path = ({ url }: Target) => `${url}/v1/chat/completions`

const headersFor = ({ headers }: Target) => ({ 'content-type': 'application/json', ...headers })

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
