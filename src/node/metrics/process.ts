import { Counter, Gauge, type Registry } from 'prom-client'

/**
 * What every process tells of itself, under the names that dashboards know. The library's own set watches the event loop
 * and each collection all the time, and writes a number that is none before it has seen any.
 */
export function processIn(registry: Registry): void {
  const registers = [registry]
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process began, in seconds since the epoch.',
    registers,
  }).set(Math.round(performance.timeOrigin / 1000))
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Time that processors have spent on the process.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
}
