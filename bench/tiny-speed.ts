/** Tokens a second of tiny-r1's engine on one core, prompt apart: `node bench/tiny-speed.ts`. */

import { Blocks, Cache } from '../src/upstream/tiny/cache.ts'
import type { Kernel } from '../src/upstream/tiny/kernel/kernel.ts'
import { plainKernel } from '../src/upstream/tiny/kernel/plain.ts'
import { wasmKernel } from '../src/upstream/tiny/kernel/wasm.ts'
import { Network } from '../src/upstream/tiny/network.ts'
import { readWeights } from '../src/upstream/tiny/weights.ts'
import { randomFile } from '../test/helpers/tiny.ts'

/** As trained; random values take as long as learned ones. */
const shape = { vocab: 500, dim: 128, layers: 4, heads: 4, hidden: 344, context: 512, theta: 10_000, eps: 1e-5 }
const weights = readWeights(randomFile({ shape }))
const [promptLength, replyLength] = [40, 200]

const kernels: Record<string, () => Kernel> = { wasm: wasmKernel, plain: plainKernel }

for (const [name, kernel] of Object.entries(kernels)) {
  for (const batch of [1, 4, 16, 32]) {
    const memory = kernel()
    const network = new Network(memory, weights)
    const blocks = new Blocks(memory, shape)
    run(network, blocks, batch, 20)
    const { prompt, reply } = run(network, blocks, batch, replyLength)
    const perSecond = (tokens: number, ms: number) => String(Math.round((1000 * tokens) / ms)).padStart(6)
    console.error(
      `${name.padEnd(8)} batch ${String(batch).padStart(2)}: ${perSecond(batch * replyLength, reply)} tokens/s, ` +
        `prompt ${perSecond(promptLength, prompt)} tokens/s`,
    )
  }
}

/** Milliseconds of the processor's time, which a busy machine does not change as it changes the clock's. */
function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds for reading the prompt and for a reply of each sample. */
function run(network: Network, blocks: Blocks, batch: number, length: number) {
  const first = new Cache(blocks)
  const started = cpu()
  for (let at = 0; at < promptLength; at += 8) network.step(Array(8).fill(5 + at), Array(8).fill(first), 7)
  const read = cpu()
  const caches = Array.from({ length: batch }, () => first.fork())
  for (let at = 0; at < length; at++)
    network.step(
      caches.map((_, row) => 5 + ((row + at) % 400)),
      caches,
      0,
    )
  const ended = cpu()
  for (const cache of [...caches, first]) cache.release()
  return { prompt: read - started, reply: ended - read }
}
