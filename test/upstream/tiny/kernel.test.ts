import { readFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Kernel, width } from '../../../src/upstream/tiny/kernel/kernel.ts'
import { plainKernel } from '../../../src/upstream/tiny/kernel/plain.ts'
import { program } from '../../../src/upstream/tiny/kernel/program.ts'
import { wasmKernel } from '../../../src/upstream/tiny/kernel/wasm.ts'

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 11 }),
  depth: fc.integer({ min: 1, max: 40 }),
  panels: fc.integer({ min: 1, max: 5 }),
  /** Floats between rows, and between the inputs of a panel, that belong to nobody. */
  gap: fc.nat({ max: 9 }),
  add: fc.constantFrom(0 as const, 1 as const),
  seed: fc.nat(),
})
type Shape = typeof shapes extends fc.Arbitrary<infer Value> ? Value : never

/** Everything the kernel wrote, its neighbourhood included, and what the definition says of it. */
function multiplied(kernel: Kernel, { rows, depth, panels, gap, add, seed }: Shape) {
  const [outStride, xStride, step] = [panels * width + gap, depth + gap, width + gap]
  const panel = depth * step
  const [out, x, matrix] = [rows * outStride, rows * xStride, panels * panel].map((size) => kernel.reserve(size)) as [
    number,
    number,
    number,
  ]
  const { floats } = kernel
  let state = seed
  for (let at = out; at < matrix + panels * panel; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    floats[at] = state / 2 ** 31 - 1
  }
  const expected = [...floats.subarray(out, x)]
  for (let row = 0; row < rows; row++)
    for (let p = 0; p < panels; p++)
      for (let i = 0; i < width; i++) {
        const at = row * outStride + p * width + i
        let sum = add ? expected[at]! : 0
        for (let k = 0; k < depth; k++)
          sum += floats[x + row * xStride + k]! * floats[matrix + p * panel + k * step + i]!
        expected[at] = sum
      }
  kernel.multiply(out, outStride, x, xStride, rows, matrix, depth, step, panels, panel, add)
  return { written: [...floats.subarray(out, x)], expected }
}

describe.each([
  { name: 'plain TypeScript', kernel: plainKernel() },
  { name: 'WebAssembly', kernel: wasmKernel() },
])('the kernel in $name', ({ kernel }) => {
  test('multiplies as defined, and writes nowhere else', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { written, expected } = multiplied(kernel, shape)
        for (const [at, value] of expected.entries()) expect(Math.abs(written[at]! - value)).toBeLessThan(1e-4)
      }),
    )
  })

  test('hands out zeros, keeps what was written when it grows, and each place but once', () => {
    const first = kernel.reserve(5)
    kernel.floats.fill(7, first, first + 5)
    const second = kernel.reserve(6_000_000)
    expect(second - first).toBeGreaterThanOrEqual(5)
    expect([...kernel.floats.subarray(first, first + 5)]).toEqual([7, 7, 7, 7, 7])
    expect(kernel.floats[second + 5_999_999]).toBe(0)
    expect(kernel.reserve(1) % 8).toBe(0)
  })
})

test('the module that Workers import is the program; `npm run build` writes it', async () => {
  const file = await readFile(new URL('../../../src/upstream/tiny/kernel/kernel.wasm', import.meta.url))
  expect([...file]).toEqual([...program()])
})
