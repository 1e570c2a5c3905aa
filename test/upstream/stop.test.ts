import { expect, test } from 'vitest'
import type { Prompt } from '#core'
import { gate, type Reply, startUpstream } from '../helpers/upstream.ts'
import { chunk, draw, drawOne, modelAt, question, sse, streamOf } from './leaf.ts'

const until = (...stop: string[]): Prompt => ({ ...question, stop })
const pieces = (...texts: string[]): Reply => streamOf(texts.map((content) => ({ content })))

async function answerTo(prompt: Prompt, reply: Reply) {
  await using upstream = await startUpstream(() => reply)
  const { completions, events } = await draw(modelAt(upstream.url), prompt)
  const said = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('')
  expect(said).toBe(completions[0]?.text)
  return completions[0]
}

test('the answer ends before the stop string', async () => {
  expect(await answerTo(until('END'), pieces('one END two'))).toEqual({ text: 'one ', finish: 'stop', stopped: 'END' })
})

test('a stop string that is cut across chunks is found, and no part of it is said', async () => {
  expect(await answerTo(until('END'), pieces('one E', 'N', 'D two'))).toMatchObject({ text: 'one ' })
})

test('what only looks like the beginning of a stop string is said', async () => {
  expect(await answerTo(until('END'), pieces('one E', 'N', 'E'))).toMatchObject({ text: 'one ENE' })
  expect(await answerTo(until('END'), pieces('one E'))).toMatchObject({ text: 'one E' })
})

test('of several stop strings the first in the text counts', async () => {
  expect(await answerTo(until('two', 'one'), pieces('zero one two'))).toMatchObject({ text: 'zero ', stopped: 'one' })
})

test.each([
  { form: 'tags', reply: streamOf([{ content: '<think>a END b</think>' }, { content: 'c END d' }]) },
  { form: 'a field', reply: streamOf([{ reasoning_content: 'a END b' }, { content: 'c END d' }]) },
])('the thinking in $form is not touched', async ({ reply }) => {
  expect(await answerTo(until('END'), reply)).toEqual({
    text: 'c ',
    thinking: 'a END b',
    finish: 'stop',
    stopped: 'END',
  })
})

test('an answer that was cut off after the stop string is complete', async () => {
  const reply = streamOf([{ content: 'one END tw' }], 'length')
  expect(await answerTo(until('END'), reply)).toEqual({ text: 'one ', finish: 'stop', stopped: 'END' })
})

test('a stop string in an answer that was first taken for thinking counts as well', async () => {
  await using upstream = await startUpstream(() => pieces('one END two'))
  expect(await drawOne(modelAt(upstream.url, {}, 'r1'), until('END'))).toMatchObject({ text: 'one ' })
})

test('the request is stopped as soon as the stop string is met', async () => {
  const never = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(chunk({ content: 'one END' }), chunk({ content: 'two' })) },
    holdAfter: { chunks: 1, gate: never },
  }))
  const begun = performance.now()
  expect(await drawOne(modelAt(upstream.url), until('END'))).toMatchObject({ text: 'one ' })
  await upstream.until(({ left, inFlight }) => left === 1 && inFlight === 0)
  // Not after the second that a usage chunk is waited for.
  expect(performance.now() - begun).toBeLessThan(900)
})

test('one sample that is stopped leaves the others of its request', async () => {
  const chunks = sse(
    chunk({ content: 'a END' }, null, 0),
    chunk({ content: 'b' }, null, 1),
    chunk({ content: 'more' }, null, 0),
    chunk({ content: 'c' }, 'stop', 1),
    '[DONE]',
  )
  await using upstream = await startUpstream(() => ({ raw: { chunks } }))
  const { completions } = await draw(modelAt(upstream.url), until('END'), { n: 2 })
  expect(completions).toMatchObject([{ text: 'a ' }, { text: 'bc' }])
})
