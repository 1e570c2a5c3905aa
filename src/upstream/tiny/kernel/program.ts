import {
  addFloats,
  atLeast,
  type Code,
  constant,
  get,
  increase,
  type Local,
  load,
  loadSplat,
  module,
  multiplyFloats,
  plus,
  repeat,
  set,
  store,
  times,
  when,
  whilst,
  zeros,
} from './assemble.ts'

/** The parameters of `Multiply`, then integers. In here places and strides count bytes. */
const parameters = 11
const [out, outStride, x, xStride, rows, matrix, depth, step, panels, panel, add] = [...Array(parameters).keys()] as [
  ...Local[],
] as Tuple
type Tuple = [Local, Local, Local, Local, Local, Local, Local, Local, Local, Local, Local]

const integers = 13
const [left, k, weights, outRow, xRow] = [11, 12, 13, 14, 15] as const
const outOf = (row: number): Local => 16 + row
const xOf = (row: number): Local => 20 + row

const vectors = 10
const [low, high] = [24, 25] as const
const sum = (row: number, half: number): Local => 26 + row * 2 + half

const each = (count: number, code: (index: number) => Code): Code => [...Array(count).keys()].flatMap(code)

/** Eight outputs of `count` rows: two vectors of sums for each row, so that each weight is loaded once for all of them. */
const tile = (count: number): Code => [
  ...each(count, (row) => set(outOf(row), row === 0 ? get(outRow) : plus(get(outOf(row - 1)), get(outStride)))),
  ...each(count, (row) => set(xOf(row), row === 0 ? get(xRow) : plus(get(xOf(row - 1)), get(xStride)))),
  ...when(
    get(add),
    each(count * 2, (at) => set(sum(at >> 1, at & 1), load(get(outOf(at >> 1)), (at & 1) * 16))),
    each(count * 2, (at) => set(sum(at >> 1, at & 1), zeros)),
  ),
  ...set(weights, get(matrix)),
  ...set(k, get(depth)),
  ...repeat([
    ...set(low, load(get(weights), 0)),
    ...set(high, load(get(weights), 16)),
    ...each(count * 2, (at) => {
      const [row, half] = [at >> 1, at & 1]
      const product = multiplyFloats(loadSplat(get(xOf(row)), 0), get(half === 0 ? low : high))
      return set(sum(row, half), addFloats(get(sum(row, half)), product))
    }),
    ...each(count, (row) => increase(xOf(row), constant(4))),
    ...increase(weights, get(step)),
    ...increase(k, constant(-1)),
    ...get(k),
  ]),
  ...each(count * 2, (at) => store(get(outOf(at >> 1)), (at & 1) * 16, get(sum(at >> 1, at & 1)))),
  ...set(outRow, plus(get(outOf(count - 1)), get(outStride))),
  ...increase(xRow, times(get(xStride), constant(count))),
  ...increase(left, constant(-count)),
]

const body: Code = [
  ...[out, outStride, x, xStride, matrix, step, panel].flatMap((local) => set(local, times(get(local), constant(4)))),
  ...whilst(get(panels), [
    ...set(left, get(rows)),
    ...set(outRow, get(out)),
    ...set(xRow, get(x)),
    ...whilst(atLeast(get(left), constant(4)), tile(4)),
    ...whilst(get(left), tile(1)),
    ...increase(matrix, get(panel)),
    ...increase(out, constant(32)),
    ...increase(panels, constant(-1)),
  ]),
]

/** The kernel as a WebAssembly module, with memory for the weights of a model of a million parameters to begin with. */
export const program = (): Uint8Array<ArrayBuffer> => module(parameters, integers, vectors, body, 64)
