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

const integers = 16
const [left, k, outRow, xRow, outOf0, xOf0, weightsOf0] = [11, 12, 13, 14, 15, 19, 23] as const
const outOf = (row: number): Local => outOf0 + row
const xOf = (row: number): Local => xOf0 + row
const weightsOf = (panel: number): Local => weightsOf0 + panel

const vectors = 11
const [value, low, high, sum0] = [27, 28, 29, 30] as const

const each = (count: number, code: (index: number) => Code): Code => [...Array(count).keys()].flatMap(code)

/**
 * Eight outputs of `tall` rows, or those of `wide` panels of one row: either way so many sums that the processor need not
 * wait for one before it goes on with the next, and no more than its registers hold.
 */
const tile = (tall: number, wide: number): Code => {
  const sums = (code: (sum: Local, row: number, panel: number, half: number) => Code): Code =>
    each(tall, (row) =>
      each(wide, (panel) => each(2, (half) => code(sum0 + (row * wide + panel) * 2 + half, row, panel, half))),
    )
  const place = (panel: number, half: number) => panel * 32 + half * 16
  return [
    ...each(tall, (row) => set(outOf(row), row === 0 ? get(outRow) : plus(get(outOf(row - 1)), get(outStride)))),
    ...each(tall, (row) => set(xOf(row), row === 0 ? get(xRow) : plus(get(xOf(row - 1)), get(xStride)))),
    ...each(wide, (at) => set(weightsOf(at), at === 0 ? get(matrix) : plus(get(weightsOf(at - 1)), get(panel)))),
    ...when(
      get(add),
      sums((sum, row, panel, half) => set(sum, load(get(outOf(row)), place(panel, half)))),
      sums((sum) => set(sum, zeros)),
    ),
    ...set(k, get(depth)),
    ...repeat([
      ...(tall > 1 ? each(2, (half) => set(half === 0 ? low : high, load(get(weightsOf0), half * 16))) : []),
      ...each(tall, (row) => [
        ...set(value, loadSplat(get(xOf(row)), 0)),
        ...each(wide, (panel) =>
          each(2, (half) => {
            const sum = sum0 + (row * wide + panel) * 2 + half
            const weights = tall > 1 ? get(half === 0 ? low : high) : load(get(weightsOf(panel)), half * 16)
            return set(sum, addFloats(get(sum), multiplyFloats(get(value), weights)))
          }),
        ),
      ]),
      ...each(tall, (row) => increase(xOf(row), constant(4))),
      ...each(wide, (panel) => increase(weightsOf(panel), get(step))),
      ...increase(k, constant(-1)),
      ...get(k),
    ]),
    ...sums((sum, row, panel, half) => store(get(outOf(row)), place(panel, half), get(sum))),
  ]
}

/** One panel of all rows, four at a time. */
const column: Code = [
  ...set(left, get(rows)),
  ...set(outRow, get(out)),
  ...set(xRow, get(x)),
  ...[4, 1].flatMap((count) =>
    whilst(atLeast(get(left), constant(count)), [
      ...tile(count, 1),
      ...increase(outRow, times(get(outStride), constant(count))),
      ...increase(xRow, times(get(xStride), constant(count))),
      ...increase(left, constant(-count)),
    ]),
  ),
]

const goOn = (count: number): Code => [
  ...increase(matrix, times(get(panel), constant(count))),
  ...increase(out, constant(32 * count)),
  ...increase(panels, constant(-count)),
]

const body: Code = [
  ...[out, outStride, x, xStride, matrix, step, panel].flatMap((local) => set(local, times(get(local), constant(4)))),
  ...when(
    atLeast(constant(1), get(rows)),
    [
      ...set(outRow, get(out)),
      ...set(xRow, get(x)),
      ...whilst(atLeast(get(panels), constant(4)), [...tile(1, 4), ...goOn(4), ...set(outRow, get(out))]),
    ],
    [],
  ),
  ...whilst(get(panels), [...column, ...goOn(1)]),
]

/** The kernel as a WebAssembly module, with memory for the weights of a model of a million parameters to begin with. */
export const program = (): Uint8Array<ArrayBuffer> => module(parameters, integers, vectors, body, 64)
