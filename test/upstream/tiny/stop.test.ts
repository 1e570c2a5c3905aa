import { expect, test } from 'vitest'
import { ask, contents, heard, post } from './serve.ts'

const fields = { seed: 11, max_tokens: 40 }

test('a stop string ends the reply before itself, also where it spans tokens', async () => {
  const [whole] = await contents(fields)
  const stop = whole!.slice(10, 13)
  const { choices, usage } = await ask({ ...fields, stop: ['never said', stop] })
  expect(choices[0]!.message.content).toBe(whole!.slice(0, whole!.indexOf(stop)))
  expect(choices[0]!.finish_reason).toBe('stop')
  expect(usage.completion_tokens).toBeLessThan(40)
})

test('what only began like a stop string is said after all', async () => {
  const [whole] = await contents(fields)
  const stop = `${whole!.slice(-2)}#`
  expect(await contents({ ...fields, stop })).toEqual([whole])
})

test('in a stream nothing of a stop string is heard', async () => {
  const [whole] = await contents(fields)
  const stop = whole!.slice(10, 13)
  const events = await heard(await post({ ...fields, stop, stream: true }))
  const said = events.map(({ choices }) => choices[0]?.delta.content ?? '')
  expect(said.join('')).toBe(whole!.slice(0, whole!.indexOf(stop)))
  expect(said.length).toBeGreaterThan(2)
})
