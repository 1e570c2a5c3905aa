import type { Upstream } from '../config/index.ts'
import type { Called } from './called.ts'
import type { Finding } from './finding.ts'
import { complaintIn, type Heard } from './heard.ts'

const atOnce = 8

/** Whether several are served side by side: eight must not take eight times as long as one. */
export async function together(ask: () => Promise<Heard>, { concurrency }: Upstream, names: Called): Promise<Finding> {
  const check = 'side by side'
  const alone = timed(await ask())
  const began = Date.now()
  const all = await Promise.all(Array.from({ length: atOnce }, ask))
  const ms = Date.now() - began
  const failed = all.filter((heard) => 'error' in heard || heard.status >= 300)
  const [one] = failed
  if (one) {
    const reason = 'error' in one ? one.error : `HTTP ${one.status}: ${complaintIn(one.json)}`
    return {
      check,
      state: 'no',
      found: `${failed.length} of ${atOnce} at once were refused (${reason})`,
      todo: `lower ${names.concurrency} from ${concurrency} to ${Math.max(1, atOnce - failed.length)}`,
    }
  }
  const found = `${atOnce} at once took ${ms} ms, one alone ${alone} ms`
  if (ms < 500 || ms < alone * atOnce * 0.6) return { check, state: 'ok', found }
  return {
    check,
    state: 'no',
    found: `${found}: they seem to wait for each other`,
    todo: 'let the server take several: OLLAMA_NUM_PARALLEL=8, llama-server -np 8',
  }
}

const timed = (heard: Heard) => ('error' in heard ? 0 : heard.ms)
