import { messageOf } from '#core'
import { exported, type Unsent } from './otlp.ts'

export type Collector = {
  /** Its base address; traces go to `/v1/traces` there. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** What this Mull is called. */
  readonly service: string
  /** Told what went wrong; not more than once a minute. */
  readonly complain: (sentence: string) => void
}

/** Sends spans over OTLP/HTTP, once more where the collector was busy. What it does not take is lost, and nobody waits for it. */
export function sender({ endpoint, headers, service, complain }: Collector) {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  let complained = Number.NEGATIVE_INFINITY

  return async (spans: readonly Unsent[]): Promise<void> => {
    const body = exported(spans, service)
    const problem = (await post(body)) && (await post(body))
    if (!problem || Date.now() - complained < 60_000) return
    complained = Date.now()
    complain(`${spans.length} spans could not be sent to ${new URL(url).host}: ${problem}`)
  }

  async function post(body: string): Promise<string | undefined> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(10_000),
      })
      await response.body?.cancel()
      return response.ok ? undefined : `it answered ${response.status}.`
    } catch (error) {
      return messageOf(error)
    }
  }
}
