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

/** Locals: the parameters of `Multiply`, in here with places and strides in bytes; integers; vectors. */
const [out, outStride, x, xStride, rows, matrix, depth, step, panels, panel, add] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const [left, k, outRow, xRow] = [11, 12, 13, 14]
const outOf = (row: number): Local => 15 + row
const xOf = (row: number): Local => 19 + row
const weightsOf = (panel: number): Local => 23 + panel
const [value, low, high] = [27, 28, 29]
const sumAt = (index: number): Local => 30 + index
const [parameters, integers, vectors] = [11, 16, 11]

const each = (count: number, code: (index: number) => Code): Code => [...Array(count).keys()].flatMap(code)

/**
 * Eight outputs of `tall` rows, or those of `wide` panels of one row: either way so many sums that the processor need not
 * wait for one before it goes on with the next, and no more than its registers hold.
 */
const tile = (tall: number, wide: number): Code => {
  const sums = (row: number, code: (sum: Local, panel: number, half: number) => Code): Code =>
    each(wide, (panel) => each(2, (half) => code(sumAt((row * wide + panel) * 2 + half), panel, half)))
  const all = (code: (sum: Local, row: number, place: number) => Code): Code =>
    each(tall, (row) => sums(row, (sum, panel, half) => code(sum, row, panel * 32 + half * 16)))
  return [
    ...each(tall, (row) => set(outOf(row), row === 0 ? get(outRow) : plus(get(outOf(row - 1)), get(outStride)))),
    ...each(tall, (row) => set(xOf(row), row === 0 ? get(xRow) : plus(get(xOf(row - 1)), get(xStride)))),
    ...each(wide, (at) => set(weightsOf(at), at === 0 ? get(matrix) : plus(get(weightsOf(at - 1)), get(panel)))),
    ...when(
      get(add),
      all((sum, row, place) => set(sum, load(get(outOf(row)), place))),
      all((sum) => set(sum, zeros)),
    ),
    ...set(k, get(depth)),
    ...repeat([
      ...(tall > 1 ? each(2, (half) => set([low, high][half]!, load(get(weightsOf(0)), half * 16))) : []),
      ...each(tall, (row) => [
        ...set(value, loadSplat(get(xOf(row)), 0)),
        ...sums(row, (sum, panel, half) => {
          const weights = tall > 1 ? get([low, high][half]!) : load(get(weightsOf(panel)), half * 16)
          return set(sum, addFloats(get(sum), multiplyFloats(get(value), weights)))
        }),
      ]),
      ...each(tall, (row) => increase(xOf(row), constant(4))),
      ...each(wide, (panel) => increase(weightsOf(panel), get(step))),
      ...increase(k, constant(-1)),
      ...get(k),
    ]),
    ...all((sum, row, place) => store(get(outOf(row)), place, get(sum))),
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
