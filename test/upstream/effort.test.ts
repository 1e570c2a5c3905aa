import { expect, test } from 'vitest'
import type { Effort } from '../../src/upstream/effort.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { drawOne, leafOf, modelAt, overFetch, question } from './leaf.ts'

async function fieldsOf(rest: Record<string, unknown>, effort?: Effort, maxTokens?: number) {
  await using upstream = await startUpstream()
  const prompt = { ...question, rest, ...(maxTokens === undefined ? {} : { maxTokens }) }
  await drawOne(modelAt(upstream.url, effort ? { effort } : {}), prompt)
  const { model: _m, messages: _t, stream: _s, stream_options: _o, ...fields } = upstream.asked[0]!.json!
  return fields
}

test.each<[Effort | undefined, string, object]>([
  [undefined, 'high', { reasoning_effort: 'high' }],
  ['reasoning_effort', 'minimal', { reasoning_effort: 'minimal' }],
  ['reasoning', 'high', { reasoning: { effort: 'high' } }],
  ['reasoning', 'none', { reasoning: { effort: 'none' } }],
  ['thinking', 'low', { thinking: { type: 'enabled', budget_tokens: 4096 } }],
  ['thinking', 'high', { thinking: { type: 'enabled', budget_tokens: 32768 } }],
  ['thinking', 'none', { thinking: { type: 'disabled' } }],
  ['enable_thinking', 'medium', { chat_template_kwargs: { enable_thinking: true, thinking_budget: 16384 } }],
  ['enable_thinking', 'none', { chat_template_kwargs: { enable_thinking: false } }],
  ['none', 'high', {}],
])('in the dialect %s an effort of %s is said as %j', async (dialect, effort, fields) => {
  expect(await fieldsOf({ reasoning_effort: effort }, dialect)).toEqual(fields)
})

test('what else the client says in the same field stays', async () => {
  const kwargs = { chat_template_kwargs: { custom: 1, enable_thinking: false } }
  expect(await fieldsOf({ reasoning_effort: 'low', ...kwargs }, 'enable_thinking')).toEqual({
    chat_template_kwargs: { custom: 1, enable_thinking: true, thinking_budget: 4096 },
  })
  expect(await fieldsOf({ reasoning_effort: 'low', reasoning: { exclude: true } }, 'reasoning')).toEqual({
    reasoning: { exclude: true, effort: 'low' },
  })
})

test('a budget leaves some of the limit to the answer, and none is set where too little is left to think with', async () => {
  expect(await fieldsOf({ reasoning_effort: 'high', max_tokens: 10_000 }, 'thinking')).toEqual({
    max_tokens: 10_000,
    thinking: { type: 'enabled', budget_tokens: 8000 },
  })
  expect(await fieldsOf({ reasoning_effort: 'high' }, 'thinking', 1000)).toEqual({
    max_tokens: 1000,
    thinking: { type: 'disabled' },
  })
})

test('a word without a translation stays as it is, and no effort is invented', async () => {
  expect(await fieldsOf({ reasoning_effort: 'auto' }, 'thinking')).toEqual({ reasoning_effort: 'auto' })
  for (const dialect of ['reasoning', 'thinking', 'enable_thinking'] as const)
    expect(await fieldsOf({}, dialect)).toEqual({})
})

test('a relay goes through as it is, whatever the dialect', async () => {
  await using upstream = await startUpstream()
  const body = JSON.stringify({ model: 'm', messages: question.messages, reasoning_effort: 'high' })
  const request = new Request('http://mull/v1/chat/completions', { method: 'POST', body })
  const leaf = leafOf(overFetch(upstream.url), { effort: 'thinking' })
  await leaf.relay({ request, path: '/chat/completions', env: undefined, added: () => ({}) }, undefined)
  expect(upstream.asked[0]!.raw.toString()).toBe(body)
})
