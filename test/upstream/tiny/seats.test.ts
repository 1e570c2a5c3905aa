import { expect, test, vi } from 'vitest'
import type { Ask } from '../../../src/upstream/tiny/ask.ts'
import { Engine } from '../../../src/upstream/tiny/engine.ts'
import { plainKernel } from '../../../src/upstream/tiny/kernel/plain.ts'
import { randomWeights } from '../../helpers/tiny.ts'

const ask: Ask = {
  turns: [{ role: 'user', text: 'What is 1 + 1?' }],
  continues: false,
  count: 32,
  stream: false,
  usage: false,
  limit: 40,
  stops: [],
  seed: 1,
  temperature: 1,
  topP: 1,
  topK: 0,
  alternatives: undefined,
}

function machine() {
  const kernel = plainKernel()
  const engine = new Engine(randomWeights(), kernel)
  const prompt = engine.promptOf(ask)
  const draw = async (signal = new AbortController().signal, fields: Partial<Ask> = {}) => {
    let tokens = 0
    for await (const pieces of engine.generate(prompt, { ...ask, ...fields }, signal)) tokens += pieces.length
    return tokens
  }
  return { kernel, draw }
}

test('many requests at once are all served, and take no more memory than 64 samples and their prompts', async () => {
  const { kernel, draw } = machine()
  const reserved = vi.spyOn(kernel, 'reserve')
  const drawn = await Promise.all(Array.from({ length: 6 }, () => draw()))
  for (const tokens of drawn) expect(tokens).toBeGreaterThan(32)
  expect(reserved.mock.calls.length).toBeLessThanOrEqual(64 + 6)
})

test('who leaves, while drawing or while waiting, gives everything back', async () => {
  const { kernel, draw } = machine()
  await Promise.all([draw(), draw(), draw()])
  const reserved = vi.spyOn(kernel, 'reserve')
  const leaving = new AbortController()
  const left = Array.from({ length: 3 }, () => draw(leaving.signal, { count: 128 }))
  const settled = Promise.allSettled(left)
  setImmediate(() => leaving.abort())
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  const whole = await Promise.all([draw(), draw(), draw()])
  expect(new Set(whole).size).toBe(1)
  expect(reserved).not.toHaveBeenCalled()
})
