import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { Blocks, Cache } from '../../../src/upstream/tiny/cache.ts'
import { plainKernel } from '../../../src/upstream/tiny/kernel/plain.ts'
import { wasmKernel } from '../../../src/upstream/tiny/kernel/wasm.ts'
import { Network, widest } from '../../../src/upstream/tiny/network.ts'
import { readWeights } from '../../../src/upstream/tiny/weights.ts'

const read = (path: string) => readFile(new URL(path, import.meta.url))
const weights = readWeights(await read('../../../tiny-r1/tiny-r1.bin'))
const { cases }: { cases: { ids: number[]; logits: number[] }[] } = JSON.parse(String(await read('./logits.json')))

describe.each([
  { name: 'plain TypeScript', kernel: plainKernel },
  { name: 'WebAssembly', kernel: wasmKernel },
])('in $name', ({ kernel }) => {
  test.each(cases)('tiny-r1 agrees with PyTorch within 1e-3 (case $#)', ({ ids, logits }) => {
    const memory = kernel()
    const network = new Network(memory, weights)
    const cache = new Cache(new Blocks(memory, weights.config))
    let rows = 0
    for (let at = 0; at < ids.length; at += rows) {
      const part = ids.slice(at, at + widest)
      rows = part.length
      network.step(part, Array(rows).fill(cache), rows - 1)
    }
    const farthest = network
      .logits(rows - 1)
      .reduce((most, logit, id) => Math.max(most, Math.abs(logit - logits[id]!)), 0)
    expect(network.config.vocab).toBe(logits.length)
    expect(farthest).toBeLessThan(1e-3)
  })
})
