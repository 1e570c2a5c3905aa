import { type Config, checked } from './config.ts'
import { half } from './half.ts'

type Tensor = {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: 'f16' | 'i8'
  /** Where its values begin, in bytes from the start of the data. */
  readonly offset: number
  /** Where the f32 scales of its rows begin. */
  readonly scales?: number
}

type Header = {
  readonly format: string
  readonly config: Config
  readonly vocab: readonly string[]
  readonly tensors: readonly Tensor[]
}

/** A model as its file holds it. */
export type Weights = {
  readonly config: Config
  /** The text of each token, by its id. */
  readonly vocabulary: readonly string[]
  /** The values of a tensor, row after row: for a matrix [out][in]. Throws for one that is not there. */
  readonly tensor: (name: string) => Float32Array
}

/**
 * Reads a weight file: the length of a JSON header (u32), the header, then from the next multiple of 16 bytes the
 * values, all little endian. Throws an Error for anything else.
 */
export function readWeights(file: Uint8Array): Weights {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const length = file.byteLength < 4 ? 0 : view.getUint32(0, true)
  if (length === 0 || 4 + length > file.byteLength) throw new Error('This is no weight file of tiny-r1.')
  const header: Header = JSON.parse(new TextDecoder().decode(file.subarray(4, 4 + length)))
  if (header.format !== 'tiny-r1/1') throw new Error(`The weights have the unknown format "${header.format}".`)
  const data = Math.ceil((4 + length) / 16) * 16
  const tensors = new Map(header.tensors.map((tensor) => [tensor.name, tensor]))
  return {
    config: checked(header.config),
    vocabulary: header.vocab,
    tensor: (name) => {
      const tensor = tensors.get(name)
      if (!tensor) throw new Error(`The weights lack "${name}".`)
      return valuesOf(tensor, view, data)
    },
  }
}

/** Halves as they are; bytes times the scale of their row. */
function valuesOf({ shape, type, offset, scales = 0 }: Tensor, view: DataView, data: number): Float32Array {
  const rows = shape[0] ?? 0
  const columns = shape.slice(1).reduce((product, size) => product * size, 1)
  const values = new Float32Array(rows * columns)
  for (let row = 0, at = 0; row < rows; row++) {
    const scale = type === 'i8' ? view.getFloat32(data + scales + row * 4, true) : 1
    for (const end = at + columns; at < end; at++)
      values[at] =
        type === 'i8' ? view.getInt8(data + offset + at) * scale : half(view.getUint16(data + offset + at * 2, true))
  }
  return values
}
