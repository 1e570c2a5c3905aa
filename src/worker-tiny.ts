import definition from '../mull.config.ts'
import { openShard } from './edge/shards.ts'
import { edge } from './edge.ts'
import { tinyTransport } from './tiny.ts'
import kernel from './upstream/tiny/kernel/kernel.wasm'
import { wasmKernel } from './upstream/tiny/kernel/wasm.ts'

export { MullShard } from './edge/shards.ts'
export { MullState } from './state/object.ts'

/** The Worker with tiny-r1 in it. Its weights are a module that is only read when it is asked, not with UPSTREAM_BASE_URL. */
const weights = async () => new Uint8Array((await import('../tiny-r1/tiny-r1.bin')).default)

export default edge({
  title: 'tiny-r1 (built in)',
  definition,
  openShard,
  transport: (upstream) => tinyTransport(upstream, { weights, kernel: () => wasmKernel(kernel) }),
})
