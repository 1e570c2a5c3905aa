import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config/index.ts'
import { createEngine, httpOptions } from '../src/engine.ts'
import { createApp } from '../src/http/app.ts'
import { inMemory } from '../src/remembered.ts'
import type { Transport } from '../src/upstream/transport.ts'

const kept = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| (.+?) \| .+? \| `(test\/.+?)`: (.+?) \|$/gm)]

test('SECURITY.md has a test for every line', () => {
  const lines = readFileSync('SECURITY.md', 'utf8').match(/^\| .* \|$/gm)!
  expect(kept).toHaveLength(lines.length - 2)
})

test.each(kept.map(([, threat, file, name]) => [threat!, file!, name!]))('%s: %s has the test', (_, file, name) => {
  expect(existsSync(file)).toBe(true)
  const text = readFileSync(file, 'utf8')
  const named = /(?:test|describe)(?:\.each)?[\s\S]{0,2000}?/.source
  expect(text).toMatch(new RegExp(`${named}${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
})

test('dependencies are pinned', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+(?:-\w+)?$/)
})

test('a key that is wrong is not shown', () => {
  const wrong = () => readConfig({ MULL_VERIFY_API_KEY: 17 as unknown as string, PORT: 'here' })
  expect(wrong).toThrow(/MULL_VERIFY_API_KEY is \(not shown\)[\s\S]*PORT is "here"/)
})

/** An upstream that says what it is given. */
function appOver(said: string, environment: Record<string, string> = {}) {
  const asked: Headers[] = []
  const body = async function* () {
    yield new TextEncoder().encode(said)
  }
  const transport: Transport = {
    send: async ({ headers }) => {
      asked.push(headers)
      return { status: 200, headers: new Headers(), body: body() }
    },
    relay: async () => Response.json({}),
  }
  const config = readConfig(environment)
  const app = createApp(
    createEngine(config, () => transport, inMemory(config)),
    httpOptions(config),
  )
  const post = (text: string, headers: Record<string, string> = {}) =>
    app.fetch(new Request('http://mull/v1/chat/completions', { method: 'POST', body: text, headers }))
  return { asked, post }
}

const answer = (fields: string) =>
  `{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"${fields}},"finish_reason":"stop"${fields}}]}`
const question = '{"model":"m+none","messages":[{"role":"user","content":"q"}]}'

describe('keys', () => {
  const { asked, post } = appOver(answer(''), {
    MULL_API_KEYS: 'first-key,second-key',
    UPSTREAM_API_KEY: 'upstream-key',
  })

  test.each(['Bearer first-key', 'bearer second-key', 'Bearer  first-key '])('%s is let in', async (authorization) => {
    expect((await post(question, { authorization })).status).toBe(200)
    expect(asked.at(-1)!.get('authorization')).toBe('Bearer upstream-key')
  })

  test.each([
    '',
    'Bearer',
    'first-key',
    'Basic first-key',
    'Bearer first-ke',
    'Bearer first-keys',
    'Bearer upstream-key',
  ])('"%s" is not, and is not repeated', async (authorization) => {
    const before = asked.length
    const response = await post(question, authorization ? { authorization } : {})
    expect(response.status).toBe(401)
    expect(await response.text()).not.toMatch(/(first|second|upstream)-key?/)
    expect(asked).toHaveLength(before)
  })
})

test('what is named like a prototype changes none, in a request, a recipe or a reply', async () => {
  const name = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty')
  const value = fc.constantFrom('{"polluted":1}', '{"prototype":{"polluted":1}}', '[]', '1', 'null', '"x"')
  const field = fc.tuple(name, value).map(([name, value]) => `"${name}":${value}`)
  const before = Reflect.ownKeys(Object.prototype)
  await fc.assert(
    fc.asyncProperty(field, field, fc.boolean(), async (asked, said, streamed) => {
      const { post } = appOver(answer(`,${said},"logprobs":{${said}}`))
      const bodies = [
        `{"model":"m+none",${asked},"stream":${streamed},"messages":[{"role":"user","content":"q",${asked}}],"tools":{${asked}}}`,
        `{"model":"m","messages":[{"role":"user","content":"q"}],"mull":{${asked},"strategy":"none"}}`,
        `{"model":"m+${asked.split('"')[1]}@2","messages":[{"role":"user","content":"q"}]}`,
        `{"model":"m+sc(${asked.split('"')[1]}=2)","messages":[{"role":"user","content":"q"}]}`,
      ]
      for (const body of bodies) {
        const response = await post(body)
        await response.text()
        expect(response.status, body).toBeLessThan(500)
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
    }),
    { numRuns: 60 },
  )
})
