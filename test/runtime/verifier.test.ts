import { execFileSync } from 'node:child_process'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startVerifier, verify } from '../../examples/verifier.ts'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { inTurn, ask as question, stage } from './proxy.ts'

const python = (code: string) => `So:\n\`\`\`python\n${code}\n\`\`\`\n`
const javascript = (code: string) => `So:\n\`\`\`js\n${code}\n\`\`\`\n`

const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', 'import resource'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

let server: Server
let url = ''
beforeAll(async () => {
  server = await startVerifier(0)
  const { address, port } = server.address() as AddressInfo
  expect(address).toBe('127.0.0.1')
  url = `http://127.0.0.1:${port}`
})
afterAll(() => server?.close())

describe('the example of a verifier', () => {
  const post = async (body: unknown) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    return [response.status, await response.json()]
  }

  test('runs JavaScript against tests', async () => {
    const candidate = javascript('const add = (a, b) => a + b')
    const tests = ['assert.equal(add(1, 2), 3)', 'assert.equal(add(1, 2), 4)']
    expect(await post({ candidate, tests })).toEqual([
      200,
      { passed: [true, false], pass: false, score: 0.5, detail: expect.stringContaining('AssertionError') },
    ])
  })

  test.skipIf(!hasPython)('runs Python against tests, and stops at its memory', async () => {
    const candidate = python('from __future__ import annotations\ndef add(a, b): return a + b')
    expect(await post({ candidate, tests: ['assert add(1, 2) == 3', 'assert add(1, 2) == 4'] })).toMatchObject([
      200,
      { passed: [true, false] },
    ])
    expect(await verify({ candidate: python('x = [0] * 10**9') })).toEqual({ pass: false, detail: 'MemoryError' })
  })

  test('passes nothing that leaves before its tests, writes files, or has no code', async () => {
    const tests = ['assert(false)']
    expect(await verify({ candidate: javascript('process.exit(0)'), tests })).toMatchObject({ passed: [false] })
    const writes = "import fs from 'node:fs'\nfs.writeFileSync('mull-was-here', '')"
    expect(await verify({ candidate: javascript(writes) })).toMatchObject({ pass: false })
    expect(await verify({ candidate: 'It is 42.', tests })).toMatchObject({ passed: [false] })
    expect(await verify({ candidate: 'It is 42.' })).toEqual({})
  })

  test('ends what does not end', async () => {
    expect(await verify({ candidate: javascript('for (;;);') })).toMatchObject({ pass: false, detail: /did not end/ })
  }, 15_000)

  test('refuses what is no request', async () => {
    expect((await post({ tests: [] }))[0]).toBe(400)
    expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(400)
  })
})

describe('behind Mull', () => {
  const on = stage(async (env) => {
    const { url: served, close } = await startNode(readConfig({ PORT: '0', MULL_VERIFY_URL: url, ...env }))
    return { url: served, close: () => close(0) }
  })

  test('the candidate that runs is chosen', async () => {
    on.upstream.reply(inTurn(javascript('throw new Error("no")'), javascript('const x = 42')))
    const response = await on.post(question('r1+best-of-n@2(scorer=verify)'))
    const { choices } = (await response.json()) as { choices: { message: { content: string; reasoning: string } }[] }
    expect(choices[0]!.message.content).toContain('x = 42')
    // The first that passes ends the search, so the other one may not have been run to its end.
    expect(choices[0]!.message.reasoning).toContain('scored 1.00')
  })
})
