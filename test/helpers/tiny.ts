import type { Config } from '../../src/upstream/tiny/config.ts'
import { readWeights, type Weights } from '../../src/upstream/tiny/weights.ts'

const specials = ['<|user|>', '<|assistant|>', '<|end|>', '<think>', '</think>']
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
export const vocabulary = [...specials, ...printable, '\n', '×', '÷', ' apples', 'What', ' is', ' the']

/** Nothing in it is a power of two that need not be, so that a mistaken stride shows. */
export const config: Config = {
  vocab: vocabulary.length,
  dim: 24,
  layers: 2,
  heads: 3,
  hidden: 37,
  context: 200,
  theta: 10_000,
  eps: 1e-5,
}

export type Random = {
  readonly shape?: Config
  /** Scales the logits: the sharper, the more the likeliest tokens recur. */
  readonly sharpness?: number
  /** Whether the end of the turn is as likely as any token; otherwise it is rare. */
  readonly ends?: boolean
}

/** A weight file with random values: half of the matrices as i8, all else as f16. */
export function randomFile({ shape = config, sharpness = 1, ends = false }: Random = {}): Uint8Array {
  const { vocab, dim, hidden, layers } = shape
  const shapes: [string, number[]][] = [['embed', [vocab, dim]]]
  for (let layer = 0; layer < layers; layer++) {
    const names = { norm1: [dim], wq: [dim, dim], wk: [dim, dim], wv: [dim, dim], wo: [dim, dim], norm2: [dim] }
    const wide = { gate: [hidden, dim], up: [hidden, dim], down: [dim, hidden] }
    for (const [name, shape] of Object.entries({ ...names, ...wide })) shapes.push([`layers.${layer}.${name}`, shape])
  }
  shapes.push(['norm', [dim]])

  const random = noise(7)
  const data: number[] = []
  const align = () => {
    while (data.length % 16 !== 0) data.push(0)
    return data.length
  }
  const tensors = shapes.map(([name, shape], index) => {
    const count = shape.reduce((product, size) => product * size)
    const type = shape.length === 2 && index % 2 === 0 ? 'i8' : 'f16'
    const offset = align()
    const gain = name === 'norm' ? sharpness : 1
    if (type === 'i8') for (let i = 0; i < count; i++) data.push(Math.floor(random() * 255 - 127) & 0xff)
    else for (let i = 0; i < count; i++) data.push(...halfBits(shape.length === 1 ? gain : random() * 0.8 - 0.4))
    if (type === 'f16') return { name, shape, type, offset }
    const scales = align()
    for (let row = 0; row < shape[0]!; row++) {
      const scale = 0.002 + random() * 0.002
      data.push(...floatBits(name === 'embed' && row < 3 && !ends ? 0 : scale))
    }
    return { name, shape, type, offset, scales }
  })

  const words = Array.from({ length: vocab }, (_, index) => vocabulary[index] ?? ` word${index}`)
  const header = new TextEncoder().encode(JSON.stringify({ format: 'tiny-r1/1', config: shape, vocab: words, tensors }))
  const start = Math.ceil((4 + header.length) / 16) * 16
  const file = new Uint8Array(start + data.length)
  new DataView(file.buffer).setUint32(0, header.length, true)
  file.set(header, 4)
  file.set(data, start)
  return file
}

const floatBits = (value: number) => new Uint8Array(Float32Array.of(value).buffer)

/** Rounds towards 0; only for numbers that a normal half can hold. */
function halfBits(value: number): [number, number] {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer) as unknown as [number]
  const half = ((bits >>> 16) & 0x8000) | ((((bits >>> 23) & 0xff) - 112) << 10) | ((bits >>> 13) & 0x3ff)
  return Math.abs(value) < 2 ** -14 ? [0, 0] : [half & 0xff, half >> 8]
}

function noise(state: number): () => number {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export const randomWeights = (random?: Random): Weights => readWeights(randomFile(random))

/** The logits after the last token, worked out as the definition has them: no cache, no batch, no blocks. */
export function naiveLogits({ config, tensor }: Weights, tokens: readonly number[]): number[] {
  const { dim, heads, layers, theta, eps } = config
  const size = dim / heads
  const times = (name: string, x: number[]): number[] => {
    const matrix = tensor(name)
    return Array.from({ length: matrix.length / x.length }, (_, out) =>
      x.reduce((sum, value, k) => sum + value * matrix[out * x.length + k]!, 0),
    )
  }
  const rms = (x: number[], name: string) => {
    const root = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + eps)
    return x.map((value, i) => (value / root) * tensor(name)[i]!)
  }
  const rope = (x: number[], position: number) =>
    x.map((value, i) => {
      const inHead = i % size
      const pair = inHead % (size / 2)
      const angle = position * theta ** ((-2 * pair) / size)
      const other = inHead < size / 2 ? -x[i + size / 2]! : x[i - size / 2]!
      return value * Math.cos(angle) + other * Math.sin(angle)
    })
  const plus = (a: number[], b: number[]) => a.map((value, i) => value + b[i]!)

  let stream = tokens.map((token) => [...tensor('embed').subarray(token * dim, (token + 1) * dim)])
  for (let layer = 0; layer < layers; layer++) {
    const at = `layers.${layer}.`
    const normed = stream.map((x) => rms(x, `${at}norm1`))
    const queries = normed.map((x, position) => rope(times(`${at}wq`, x), position))
    const keys = normed.map((x, position) => rope(times(`${at}wk`, x), position))
    const values = normed.map((x) => times(`${at}wv`, x))
    const seen = queries.map((query, position) =>
      query.map((_, i) => {
        const head = Math.floor(i / size) * size
        const dot = (key: number[]) => key.slice(head, head + size).reduce((sum, k, j) => sum + k * query[head + j]!, 0)
        const weights = keys.slice(0, position + 1).map((key) => Math.exp(dot(key) / Math.sqrt(size)))
        const total = weights.reduce((sum, weight) => sum + weight)
        return weights.reduce((sum, weight, past) => sum + (weight / total) * values[past]![i]!, 0)
      }),
    )
    stream = stream.map((x, position) => plus(x, times(`${at}wo`, seen[position]!)))
    stream = stream.map((x) => {
      const m = rms(x, `${at}norm2`)
      const up = times(`${at}up`, m)
      const hidden = times(`${at}gate`, m).map((value, i) => (value / (1 + Math.exp(-value))) * up[i]!)
      return plus(x, times(`${at}down`, hidden))
    })
  }
  return times('embed', rms(stream.at(-1)!, 'norm'))
}
