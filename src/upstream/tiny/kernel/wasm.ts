import { type Kernel, type Multiply, padded } from './kernel.ts'
import { program } from './program.ts'

/** WebAssembly as far as it is used here; it belongs to no library of types that all runtimes share. */
type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number }
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: { readonly memory: Memory; readonly multiply: Multiply } }
}

const page = 65_536

/**
 * The kernel in WebAssembly, four floats at once. Throws where WebAssembly is missing, lacks vectors or may not be made
 * from bytes.
 *
 * @param compiled the module, for runtimes that only take one compiled at deployment (Workers)
 */
export function wasmKernel(compiled: object = new WebAssembly.Module(program())): Kernel {
  const { memory, multiply } = new WebAssembly.Instance(compiled).exports
  let floats = new Float32Array(memory.buffer)
  let used = 0
  return {
    get floats() {
      return floats
    },
    reserve(length) {
      const at = used
      used += padded(length)
      if (used > floats.length) {
        memory.grow(Math.ceil(((used - floats.length) * 4) / page))
        floats = new Float32Array(memory.buffer)
      }
      return at
    },
    multiply,
  }
}
