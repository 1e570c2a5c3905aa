export * from '../../src/testing.ts'
export { type Gate, gate } from './reply.ts'

/** For a strategy that only a test knows. */
export const about = { does: 'Tests.', calls: '1', depth: '1' }

export const times = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
