import { Registry } from 'prom-client'
import type { Metrics } from '../../http/metrics.ts'
import type { Ending, Place, Planned, Watcher } from '../../http/watching/watch.ts'
import type { BreakerState } from '../../upstream/breaker.ts'
import type { ReplicaState } from '../../upstream/replicas/replica.ts'
import { Labels, modelIn, shapeOf } from './labels.ts'
import { processIn } from './process.ts'
import { seriesIn } from './series.ts'

const states: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 }

export type CountingOptions = Pick<Metrics, 'open'> & {
  /** How the servers upstream are, where there are several. */
  readonly replicas: () => readonly ReplicaState[] | undefined
}

/** Counts what is done, for Prometheus. */
export function counting({ open, replicas }: CountingOptions): Metrics & { readonly watcher: Watcher } {
  const registry = new Registry()
  processIn(registry)
  const series = seriesIn(registry)
  const models = new Labels()
  const recipes = new Labels()
  const running = new Map<Place, number>()
  const run = (door: Place, more: 1 | -1) => running.set(door, (running.get(door) ?? 0) + more)

  return {
    open,
    contentType: registry.contentType,
    async text() {
      for (const [door, requests] of running) series.running.set({ door }, requests)
      for (const { url, state, calls } of replicas() ?? []) {
        const { host, hash } = new URL(url)
        const replica = host + hash
        series.breaker.set({ replica }, states[state])
        series.replica.set({ replica }, calls)
      }
      return registry.metrics()
    },
    watcher({ place: door }) {
      let plan: Planned | undefined
      let banked = 0
      run(door, 1)
      return {
        planned(known) {
          plan = known
        },
        heard({ type }) {
          if (type === 'banked') banked++
        },
        ended(ending) {
          run(door, -1)
          count(door, plan, ending, banked)
        },
      }
    },
  }

  function count(door: Place, plan: Planned | undefined, ending: Ending, banked: number): void {
    const { status, outcome, ms, firstMs, streamed, upstreamMs, spent } = ending
    const real = outcome === 'answered'
    const model = models.of(modelIn(plan?.model), real)
    const recipe = recipes.of(shapeOf(plan?.recipe), real)
    series.requests.inc({ door, model, recipe, status, outcome })
    series.duration.observe({ door, recipe }, ms / 1000)
    series.overhead.observe({ door, recipe }, Math.max(0, ms - upstreamMs) / 1000)
    if (streamed && firstMs !== undefined) series.first.observe({ door, recipe }, firstMs / 1000)
    if (!spent) return
    const { usage, calls, requests, retries, samples, agreement } = spent
    series.calls.inc({ model, recipe }, calls)
    series.upstream.inc({ recipe }, requests)
    series.retries.inc({ recipe }, retries)
    series.banked.inc({ recipe }, banked)
    for (const [outcome, number] of Object.entries(samples)) series.samples.inc({ recipe, outcome }, number)
    if (agreement !== undefined) series.agreement.observe({ recipe }, agreement)
    for (const kind of ['input', 'output', 'reasoning', 'cached'] as const)
      series.tokens.inc({ model, recipe, kind }, usage[kind] ?? 0)
    if (usage.cost !== undefined) series.cost.inc({ model, recipe }, usage.cost)
  }
}
