import type { Share } from '../transport.ts'
import type { Replica } from './replica.ts'

type Part = { readonly replica: Replica; readonly whole: number; readonly rest: number }

/**
 * Parts completions among the replicas that are well, by weight; what cannot be parted goes to those with the least to do.
 * One that has to be tried gets one of several, which moves on if it fails.
 */
export function parted(count: number, replicas: readonly Replica[]): readonly Share[] {
  const well = replicas.filter(({ breaker }) => breaker.state === 'closed')
  if (count === 1 || well.length === 0) return [{ count }]
  const onTrial = replicas.filter(({ breaker }) => breaker.state === 'half-open' && breaker.ready).slice(0, count - 1)
  return [...onTrial.map(({ id }) => ({ count: 1, at: id })), ...byWeight(count - onTrial.length, well)]
}

function byWeight(count: number, replicas: readonly Replica[]): readonly Share[] {
  const weights = replicas.reduce((sum, { weight }) => sum + weight, 0)
  const parts = replicas.map((replica): Part => {
    const exact = (count * replica.weight) / weights
    return { replica, whole: Math.floor(exact), rest: exact - Math.floor(exact) }
  })
  const left = count - parts.reduce((sum, { whole }) => sum + whole, 0)
  return parts
    .toSorted((a, b) => b.rest - a.rest || a.replica.load - b.replica.load)
    .map(({ replica, whole }, place) => ({ count: whole + (place < left ? 1 : 0), at: replica.id }))
    .filter(({ count }) => count > 0)
}
