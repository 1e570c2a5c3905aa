import { expect, test } from 'vitest'
import { execute, type Run, strategy } from '#core'
import { mainOf, readConfig } from '../src/config/index.ts'
import { createEngine, httpOptions } from '../src/engine.ts'
import { createApp } from '../src/http/app.ts'
import { inMemory } from '../src/remembered.ts'
import { demoTransport } from '../src/servers.ts'
import { about, question } from './helpers/scripted.ts'

function mull(env: Record<string, string> = {}) {
  const config = readConfig(env)
  const engine = createEngine(config, () => demoTransport(mainOf(config)), inMemory(config))
  return { engine, app: createApp(engine, httpOptions(config)) }
}

test('the catalogue is behind the same key as all else', async () => {
  const { app } = mull({ MULL_API_KEYS: 'secret' })
  const get = async (headers: Record<string, string>) =>
    app.fetch(new Request('http://mull/v1/strategies', { headers }))
  expect((await get({})).status).toBe(401)
  expect((await get({ authorization: 'Bearer wrong' })).status).toBe(401)
  const response = await get({ authorization: 'Bearer secret' })
  expect(response.status).toBe(200)
  const { data } = (await response.json()) as { data: object[] }
  expect(data[0]).toMatchObject({ object: 'strategy' })
})

test('a key may stand where Anthropic’s clients put it, and a wrong one is refused in their form', async () => {
  const { app } = mull({ MULL_API_KEYS: 'secret' })
  const post = async (headers: Record<string, string>) =>
    app.fetch(
      new Request('http://mull/v1/messages', {
        method: 'POST',
        headers,
        body: JSON.stringify({ model: 'demo+none', messages: [{ role: 'user', content: 'What is 6 × 7?' }] }),
      }),
    )
  expect((await post({ 'x-api-key': 'secret' })).status).toBe(200)
  for (const headers of [{}, { 'x-api-key': 'wrong' }, { authorization: 'Bearer wrong', 'x-api-key': 'secret' }]) {
    const refused = await post(headers)
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
  }
})

const caller = { headers: new Headers(), key: undefined }

/** What a strategy of a recipe is told when it asks. */
async function told(env: Record<string, string>, ask: (run: Run) => Promise<unknown>, name = 'demo+none') {
  const { engine } = mull(env)
  const plan = await engine.plan(name, undefined, caller)
  if (plan.kind !== 'recipe') throw new Error('That is no recipe.')
  const asking = strategy('asking', about, {}, async (run) => ({
    text: JSON.stringify(await ask(run)),
    finish: 'stop',
  }))
  const { result } = execute(asking()(plan.model), question('?'), plan.context)
  return JSON.parse((await result).text)
}

test('a strategy learns what the recipe’s model can do, or what the operator says of it', async () => {
  const all = (run: Run) => Promise.all([run.can('n'), run.can('logprobs'), run.can('prefill')])
  expect(await told({}, all)).toEqual([true, false, false])
  expect(await told({ UPSTREAM_CAN: '-n,logprobs' }, all)).toEqual([false, true, false])
})

test('what the operator says stands in the list of models, before anything is asked', async () => {
  const { engine } = mull({ UPSTREAM_CAN: 'prefill:deepseek' })
  const [model, ...others] = await engine.models(caller)
  expect(model).toMatchObject({ id: 'demo', mull: { can: { n: true, prefill: 'deepseek' } } })
  expect(others.find(({ id }) => id === 'demo+none')!['mull']).toEqual({ base: 'demo', strategy: 'none' })
})

test('an effort is said in the dialect of the configuration', () => {
  expect(() => readConfig({ UPSTREAM_EFFORT: 'loud' })).toThrow('UPSTREAM_EFFORT')
  expect(mainOf(readConfig({ UPSTREAM_EFFORT: 'thinking' })).dialect.effort).toBe('thinking')
  expect(mainOf(readConfig({})).dialect.effort).toBe('reasoning_effort')
})
