import { describe, expect, test } from 'vitest'
import { Blocks, Cache } from '../../../src/upstream/tiny/cache.ts'
import { plainKernel } from '../../../src/upstream/tiny/kernel/plain.ts'
import { wasmKernel } from '../../../src/upstream/tiny/kernel/wasm.ts'
import { Network } from '../../../src/upstream/tiny/network.ts'
import { config, naiveLogits, randomWeights } from '../../helpers/tiny.ts'

const weights = randomWeights()
const tokens = (count: number, seed = 1) =>
  Array.from({ length: count }, (_, at) => (at * 17 + seed * 29) % config.vocab)

function machine(kernel = plainKernel()) {
  const network = new Network(kernel, weights)
  const blocks = new Blocks(kernel, config)
  return { network, cache: () => new Cache(blocks) }
}

const close = (logits: Float32Array, expected: readonly number[]) => {
  expect(logits.length).toBe(expected.length)
  for (const [index, value] of expected.entries()) expect(Math.abs(logits[index]! - value)).toBeLessThan(1e-4)
}

describe.each([
  { name: 'plain TypeScript', kernel: plainKernel },
  { name: 'WebAssembly', kernel: wasmKernel },
])('in $name the network agrees with its definition', ({ kernel }) => {
  test('reading a prompt in one step', () => {
    const { network, cache } = machine(kernel())
    const prompt = tokens(29)
    network.step(prompt, Array(29).fill(cache()), 28)
    close(network.logits(28), naiveLogits(weights, prompt))
  })

  test('token by token, over the end of a block of the cache', () => {
    const { network, cache } = machine(kernel())
    const own = cache()
    const text = tokens(70)
    for (const token of text) network.step([token], [own], 0)
    close(network.logits(0), naiveLogits(weights, text))
  })

  test('in a batch of seven that share a prompt and differ in length and words', () => {
    const { network, cache } = machine(kernel())
    const [prompt, first] = [tokens(20), cache()]
    network.step(prompt, Array(20).fill(first), 19)
    const samples = Array.from({ length: 7 }, (_, index) => ({
      own: first.fork(),
      text: tokens(3 + index * 11, index + 2),
    }))
    for (let at = 0; samples.some(({ text }) => at < text.length); at++) {
      const live = samples.filter(({ text }) => at < text.length)
      network.step(
        live.map(({ text }) => text[at]!),
        live.map(({ own }) => own),
        0,
      )
      for (const [row, { text }] of live.entries())
        if (at === text.length - 1) close(network.logits(row), naiveLogits(weights, [...prompt, ...text]))
    }
  })
})

test.each([plainKernel, wasmKernel])(
  'a sample is the same to the last bit, whichever others advance with it: %o',
  (kernel) => {
    const alone = machine(kernel())
    const [text, own] = [tokens(12), alone.cache()]
    for (const token of text) alone.network.step([token], [own], 0)
    const { network, cache } = machine(kernel())
    const caches = Array.from({ length: 9 }, cache)
    for (const [at, token] of text.entries())
      network.step(
        caches.map((_, row) => (row === 5 ? token : tokens(12, row)[at]!)),
        caches,
        0,
      )
    expect([...network.logits(5)]).toEqual([...alone.network.logits(0)])
  },
)

test('blocks that were given back are used again, and hold nothing over', () => {
  const { network, cache } = machine()
  const first = cache()
  network.step(tokens(30, 5), Array(30).fill(first), 29)
  const places = [...first.places]
  first.release()
  const second = cache()
  network.step(tokens(11), Array(11).fill(second), 10)
  expect(second.places).toEqual(places)
  close(network.logits(10), naiveLogits(weights, tokens(11)))
})
