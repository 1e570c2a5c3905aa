import { expect, test } from 'vitest'
import { startUpstream } from '../helpers/upstream.ts'
import { caller, chunk, draw, leafOf, modelAt, overNode, question, sse, words } from './leaf.ts'

const texts = ({ completions }: { completions: readonly { text: string }[] }) => completions.map(({ text }) => text)
const counting = () =>
  startUpstream(({ json }, index) => ({
    choices: Array.from({ length: json?.n ?? 1 }, (_, choice) => ({ text: `${index}.${choice}`, thinking: 'hm' })),
  }))

test('nothing is remembered unless it is asked for', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url)
  await draw(model, question)
  await draw(model, question)
  expect(upstream.asked).toHaveLength(2)
})

test('the same draw of the same question is drawn once, and told like a new one', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url, { cacheEntries: 10 })
  const first = await draw(model, question)
  const second = await draw(model, structuredClone(question))
  expect(upstream.asked).toHaveLength(1)
  expect(second.completions).toEqual(first.completions)
  const told = second.events.flatMap((event) => ('text' in event ? [event.text] : []))
  expect(told).toEqual(['hm', '0.0'])
  expect(second.ledger.usage).toEqual({ input: 0, output: 0 })
})

test('two draws of one question are never one sample', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url, { cacheEntries: 10 })
  expect(texts(await draw(model, question, { n: 2 }))).toEqual(['0.0', '0.1'])
  expect(texts(await draw(model, question, { n: 3 }))).toEqual(['0.0', '0.1', '1.0'])
})

test('other questions, models and keys are not the same', async () => {
  await using upstream = await counting()
  const leaf = leafOf(overNode(upstream.url), { cacheEntries: 10 })
  const model = leaf.model('m', caller({}, 'key'))
  await draw(model, question)
  await draw(model, words(1))
  await draw(model, { ...question, temperature: 1 })
  await draw(model, { ...question, rest: { top_p: 0.5 } })
  await draw(leaf.model('other', caller({}, 'key')), question)
  await draw(leaf.model('m', caller({}, 'another key')), question)
  await draw(leaf.model('m', caller({ authorization: 'Bearer client' })), question)
  expect(upstream.asked).toHaveLength(7)
  await draw(leaf.model('m', caller({ authorization: 'Bearer client' })), question)
  await draw(leaf.model('m', caller({ 'x-request-id': 'whatever' }, 'key')), question)
  expect(upstream.asked).toHaveLength(7)
})

test('what was cut or has failed is not remembered', async () => {
  const replies = [
    { raw: { chunks: sse(chunk({ content: 'half' })), cut: true } },
    { status: 500, error: { message: 'no' } },
    { text: 'too lo', finish: 'length' },
    { text: 'ok' },
  ]
  await using upstream = await startUpstream((_, index) => replies[index]!)
  const model = modelAt(upstream.url, { cacheEntries: 10 })
  for (const _ of replies) await draw(model, question)
  expect(texts(await draw(model, question))).toEqual(['ok'])
  expect(upstream.asked).toHaveLength(replies.length)
})

test('no more is remembered than was asked for', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url, { cacheEntries: 2 })
  const [a, b, c] = words(3)
  for (const prompt of [a!, b!, c!, c!, a!]) await draw(model, prompt)
  expect(upstream.asked).toHaveLength(4)
})
