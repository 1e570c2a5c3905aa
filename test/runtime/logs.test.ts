import { expect, test, vi } from 'vitest'
import { ask, inTurn, stage } from './proxy.ts'
import { onNode } from './starts.ts'

const key = { authorization: 'Bearer sk-proxy' }
const secrets = { MULL_API_KEYS: 'sk-proxy', UPSTREAM_API_KEY: 'sk-upstream' }
const on = stage(onNode(), { ...secrets, MULL_LOG: 'json' })

/** What is written to the standard output while `work` is done, once there is a line about the request of this id. */
async function written(id: string, work: () => Promise<unknown>): Promise<string[]> {
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += chunk
    return true
  })
  try {
    await work()
    await expect.poll(() => text).toContain(id)
  } finally {
    write.mockRestore()
  }
  return text.split('\n').filter((line) => line.includes(id))
}

test('a line of JSON says what a recipe took, and nothing of what was asked or said', async () => {
  on.upstream.reply(inTurn('It is 42.', 'It is 42.', 'It is 41.', 'It is 42.'))
  const lines = await written('run-1', async () => {
    const question = ask('r1+sc@4', 'A secret question?')
    await (await on.post(question, { ...key, 'x-request-id': 'run-1' }, undefined, '/chat/completions?key=sk-q')).text()
  })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'info',
    msg: 'request',
    request_id: 'run-1',
    method: 'POST',
    path: '/v1/chat/completions',
    model: 'r1+sc@4',
    recipe: 'r1+self-consistency@4',
    status: 200,
    outcome: 'answered',
    calls: 4,
    input_tokens: 10,
    output_tokens: 20,
    agreement: 0.75,
    samples: { done: 4, failed: 0, cancelled: 0 },
  })
  expect(lines[0]).not.toMatch(/secret|sk-|It is/)
})

test('a relay has its line, too, and a refusal has its code', async () => {
  const [relayed] = await written('run-2', async () =>
    (await on.post(ask('r1'), { ...key, 'x-request-id': 'run-2' })).text(),
  )
  expect(JSON.parse(relayed!)).toMatchObject({ relayed: true, model: 'r1', status: 200 })
  const wrong = { authorization: 'Bearer sk-wrong', 'x-request-id': 'run-3' }
  const [refused] = await written('run-3', async () => (await on.post(ask('r1'), wrong)).text())
  expect(JSON.parse(refused!)).toMatchObject({ level: 'warn', status: 401, error: 'invalid_api_key' })
  expect(refused).not.toContain('sk-')
})

test('text is for people: one line, whatever a client writes', async () => {
  const served = await onNode()({ UPSTREAM_BASE_URL: on.upstream.url, MULL_LOG: 'text' })
  const model = 'r1\u001b[31m\nforged'
  const lines = await written('run-4', async () => {
    const headers = { 'content-type': 'application/json', 'x-request-id': 'run-4' }
    const body = JSON.stringify(ask(model))
    await (await fetch(`${served.url}/v1/chat/completions`, { method: 'POST', headers, body })).text()
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/info +POST \/v1\/chat\/completions +200 .*r1 .*forged/)
  expect(lines[0]).not.toMatch(/\p{Cc}/u)
  await served.close()
})
