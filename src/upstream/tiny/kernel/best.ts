import type { Kernel } from './kernel.ts'
import { plainKernel } from './plain.ts'
import { wasmKernel } from './wasm.ts'

/** The fastest kernel that the runtime allows. */
export function bestKernel(compiled?: object): Kernel {
  try {
    return wasmKernel(compiled)
  } catch {
    return plainKernel()
  }
}
