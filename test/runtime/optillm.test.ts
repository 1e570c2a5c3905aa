import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { ask, inTurn, stage } from './proxy.ts'

const on = stage(
  async (env) => {
    const { url, close } = await startNode(readConfig({ PORT: '0', ...env }))
    return { url, close: () => close(0) }
  },
  { OPTILLM_COMPAT: 'true', MULL_ALIASES: 'bon-mots=other' },
)
const chats = () => on.upstream.asked.filter(({ path }) => path.endsWith('/chat/completions')).map(({ json }) => json)

test.each([
  ['self_consistency-r1', 'r1+self-consistency', 16],
  ['re2-org/r1:7b', 'org/r1:7b+re-read', 1],
  ['re2&majority_voting-r1', 'r1+re-read&self-consistency(n=4)', 5],
  ['re2|cot_reflection-r1', 'r1+re-read|cot-reflection', 2],
])('%s is %s', async (name, recipe, calls) => {
  on.upstream.reply(inTurn('\\boxed{42}'))
  const response = await on.post({ ...ask(name), k: 4 })
  expect(await response.json()).toMatchObject({ model: name, mull: { recipe } })
  expect(chats().length).toBeGreaterThan(0)
  expect(chats().reduce((sum, json) => sum + (json?.n ?? 1), 0)).toBe(calls)
  for (const json of chats()) expect(json).not.toHaveProperty('k')
})

test.each([
  ['gpt-4o-mini', 'gpt-4o-mini'],
  ['none-gpt-4o-mini', 'gpt-4o-mini'],
  ['bon-mots', 'other'],
])('%s is a relay to %s', async (name, model) => {
  const response = await on.post(ask(name))
  expect(await response.json()).not.toHaveProperty('mull')
  expect(chats()).toEqual([ask(model)])
})

test('a model that the upstream lists is taken whole', async () => {
  on.upstream.models = ['mars-7b']
  // A key of its own, because the list is remembered for each.
  const response = await on.post(ask('mars-7b'), { authorization: 'Bearer sk-another' })
  expect(await response.json()).not.toHaveProperty('mull')
  expect(chats()).toEqual([ask('mars-7b')])
})

test('what needs the inside of a model is refused', async () => {
  const response = await on.post(ask('entropy_decoding-r1'))
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { param: 'model', message: expect.stringContaining('deepconf') },
  })
  expect(chats()).toEqual([])
})
