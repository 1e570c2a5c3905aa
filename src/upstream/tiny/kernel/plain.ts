import { type Kernel, padded } from './kernel.ts'

/** The kernel in plain TypeScript: the reference, and what runs where WebAssembly may not. */
export function plainKernel(): Kernel {
  let floats = new Float32Array(1 << 20)
  let used = 0
  return {
    get floats() {
      return floats
    },
    reserve(length) {
      const at = used
      used += padded(length)
      if (used > floats.length) {
        const grown = new Float32Array(Math.max(used, floats.length * 2))
        grown.set(floats)
        floats = grown
      }
      return at
    },
    multiply(out, outStride, x, xStride, rows, matrix, depth, step, panels, panel, add) {
      for (let p = 0; p < panels; p++) {
        const [to, from] = [out + p * 8, matrix + p * panel]
        let row = 0
        for (; row + 4 <= rows; row += 4)
          for (let i = 0; i < 8; i += 2)
            four(floats, to + row * outStride + i, outStride, x + row * xStride, xStride, from + i, depth, step, add)
        for (; row < rows; row++)
          for (let i = 0; i < 8; i += 4)
            one(floats, to + row * outStride + i, x + row * xStride, from + i, depth, step, add)
      }
    },
  }
}

/** Two outputs of four rows, so that each weight is loaded once for four samples; eight sums fit the registers. */
function four(
  floats: Float32Array,
  out: number,
  outStride: number,
  x: number,
  xStride: number,
  matrix: number,
  depth: number,
  step: number,
  add: 0 | 1,
): void {
  const [out1, out2, out3] = [out + outStride, out + 2 * outStride, out + 3 * outStride]
  let a0 = add ? floats[out]! : 0
  let a1 = add ? floats[out + 1]! : 0
  let b0 = add ? floats[out1]! : 0
  let b1 = add ? floats[out1 + 1]! : 0
  let c0 = add ? floats[out2]! : 0
  let c1 = add ? floats[out2 + 1]! : 0
  let d0 = add ? floats[out3]! : 0
  let d1 = add ? floats[out3 + 1]! : 0
  const [x1, x2, x3] = [x + xStride, x + 2 * xStride, x + 3 * xStride]
  for (let k = 0, at = matrix; k < depth; k++, at += step) {
    const w0 = floats[at]!
    const w1 = floats[at + 1]!
    const a = floats[x + k]!
    const b = floats[x1 + k]!
    const c = floats[x2 + k]!
    const d = floats[x3 + k]!
    a0 += a * w0
    a1 += a * w1
    b0 += b * w0
    b1 += b * w1
    c0 += c * w0
    c1 += c * w1
    d0 += d * w0
    d1 += d * w1
  }
  floats[out] = a0
  floats[out + 1] = a1
  floats[out1] = b0
  floats[out1 + 1] = b1
  floats[out2] = c0
  floats[out2 + 1] = c1
  floats[out3] = d0
  floats[out3 + 1] = d1
}

/** Four outputs of one row. */
function one(
  floats: Float32Array,
  out: number,
  x: number,
  matrix: number,
  depth: number,
  step: number,
  add: 0 | 1,
): void {
  let a = add ? floats[out]! : 0
  let b = add ? floats[out + 1]! : 0
  let c = add ? floats[out + 2]! : 0
  let d = add ? floats[out + 3]! : 0
  for (let k = 0, at = matrix; k < depth; k++, at += step) {
    const value = floats[x + k]!
    a += value * floats[at]!
    b += value * floats[at + 1]!
    c += value * floats[at + 2]!
    d += value * floats[at + 3]!
  }
  floats[out] = a
  floats[out + 1] = b
  floats[out + 2] = c
  floats[out + 3] = d
}
