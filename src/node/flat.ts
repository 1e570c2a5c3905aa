import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Bytes for what is young: with less of it streams are collected too often, with more the process grows for nothing. */
const young = 8 * 1024 * 1024

/**
 * For a process that only serves. V8 would rather take memory from an empty machine than collect what short requests leave
 * behind: twice as much, after some ten thousand, without being any faster for it.
 */
export function stayFlat(): void {
  try {
    setFlagsFromString('--heap-growing-percent=50')
    const observer = new PerformanceObserver(() => {
      const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
      if (space && space.space_size < young) return
      setFlagsFromString('--semi-space-growth-factor=1')
      observer.disconnect()
    })
    observer.observe({ entryTypes: ['gc'] })
  } catch {
    // Bun and Deno have other ways.
  }
}
