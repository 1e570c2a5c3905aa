/** As much of WebAssembly's binary format as the kernel needs: instructions are lists of bytes, put together by spreading. */
export type Code = readonly number[]

/** A place among a function's locals, its parameters first. */
export type Local = number

const unsigned = (value: number): Code => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)])

const signed = (value: number): Code =>
  value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]

export const get = (local: Local): Code => [0x20, local]
export const set = (local: Local, value: Code): Code => [...value, 0x21, local]
export const constant = (value: number): Code => [0x41, ...signed(value)]
export const plus = (a: Code, b: Code): Code => [...a, ...b, 0x6a]
export const times = (a: Code, b: Code): Code => [...a, ...b, 0x6c]
export const increase = (local: Local, by: Code): Code => set(local, plus(get(local), by))

/** Runs `body` as long as `condition` is not 0. */
export const whilst = (condition: Code, body: Code): Code => [
  0x02,
  0x40,
  0x03,
  0x40,
  ...condition,
  0x45,
  0x0d,
  1,
  ...body,
  0x0c,
  0,
  0x0b,
  0x0b,
]

/** Runs `body`, and again as long as what it leaves is not 0. */
export const repeat = (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0, 0x0b]

export const when = (condition: Code, yes: Code, no: Code): Code => [
  ...condition,
  0x04,
  0x40,
  ...yes,
  0x05,
  ...no,
  0x0b,
]

export const atLeast = (a: Code, b: Code): Code => [...a, ...b, 0x4e]

const vector = (operation: number, ...rest: number[]): Code => [0xfd, ...unsigned(operation), ...rest]
/** Accesses are aligned to 2 ** `align` bytes. */
const access = (operation: number, align: number, offset: number) => vector(operation, align, ...unsigned(offset))

/** Four floats from memory; one float four times. */
export const load = (address: Code, offset: number): Code => [...address, ...access(0x00, 2, offset)]
export const loadSplat = (address: Code, offset: number): Code => [...address, ...access(0x09, 2, offset)]
export const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  ...access(0x0b, 2, offset),
]
export const zeros: Code = vector(0x0c, ...Array<number>(16).fill(0))
export const addFloats = (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe4)]
export const multiplyFloats = (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe6)]

const [i32, v128] = [0x7f, 0x7b]
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const sized = (code: Code): Code => [...unsigned(code.length), ...code]
const section = (id: number, ...items: Code[]): Code => [id, ...sized(list(items))]
const name = (text: string): Code => sized([...new TextEncoder().encode(text)])

/**
 * A module with one function of `parameters` integers, which gives nothing back, exported as `multiply`, and one memory of
 * `pages` times 64 KiB that may grow, exported as `memory`.
 */
export function module(
  parameters: number,
  integers: number,
  vectors: number,
  body: Code,
  pages: number,
): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...list(Array<Code>(parameters).fill([i32])), 0]
  const locals = list([
    [...unsigned(integers), i32],
    [...unsigned(vectors), v128],
  ])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, type),
    ...section(3, [0]),
    ...section(5, [0x00, ...unsigned(pages)]),
    ...section(7, [...name('multiply'), 0x00, 0], [...name('memory'), 0x02, 0]),
    ...section(10, sized([...locals, ...body, 0x0b])),
  ])
}
