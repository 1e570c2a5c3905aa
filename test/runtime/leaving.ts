import { once } from 'node:events'
import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { ask, bluntly, type Stage } from './proxy.ts'

/** What a client that leaves, or waits, sees of it. */
export function leavingTests(on: Stage): void {
  /** Sixteen calls under way: some that have not begun to answer, some in the middle. */
  const hang = () => {
    const never = gate()
    let call = 0
    on.upstream.reply(({ json }) => {
      if ((json?.n ?? 1) > 1) return { status: 400, error: { message: 'n must be 1' } }
      return { text: 'x'.repeat(50), ...(call++ % 4 ? { holdAfter: { chunks: 3, gate: never } } : { hold: never }) }
    })
  }
  const allUnderWay = () => on.upstream.until(({ inFlight, asked }) => inFlight === 16 && asked.length >= 16)

  test('a client that leaves a stream cancels every upstream call of it', async () => {
    hang()
    const stream = await on.client.chat.completions.create({ ...ask('hang+sc@16'), stream: true })
    await allUnderWay()
    stream.controller.abort()
    await on.upstream.until(({ inFlight }) => inFlight === 0)
    expect(on.upstream.left).toBe(16)
  })

  test('a client that breaks its connection before the answer cancels every upstream call of it', async () => {
    hang()
    const socket = bluntly(on, ask('hang+sc@16'))
    await allUnderWay()
    socket.resetAndDestroy()
    await on.upstream.until(({ inFlight }) => inFlight === 0)
    expect(on.upstream.left).toBe(16)
  })

  test.each([true, false])('a client that leaves a relay cancels its upstream call (stream: %s)', async (stream) => {
    const never = gate()
    on.upstream.reply(() => ({
      text: 'a long story',
      ...(stream ? { holdAfter: { chunks: 2, gate: never } } : { hold: never }),
    }))
    const socket = bluntly(on, { ...ask('r1'), stream })
    await on.upstream.until(({ inFlight }) => inFlight === 1)
    if (stream) await once(socket, 'data')
    socket.resetAndDestroy()
    await on.upstream.until(({ inFlight }) => inFlight === 0)
  })

  test('thinking begins before any sample has an answer', async () => {
    const held = gate()
    on.upstream.reply(() => ({ text: '42', hold: held }))
    const stream = await on.client.chat.completions.create({ ...ask('r1+sc@4'), stream: true })
    let seen = ''
    for await (const chunk of stream) {
      const delta = (chunk.choices[0]?.delta ?? {}) as { reasoning_content?: string }
      seen += delta.reasoning_content ?? ''
      if (seen) break
    }
    expect(seen).toContain('self-consistency@4')
    held.open()
  })

  test('a quiet stream is kept alive by comments', async () => {
    const held = gate()
    on.upstream.reply(() => ({ text: '42', hold: held }))
    const response = await on.post({ ...ask('r1+sc@4'), stream: true })
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body!) {
      text += decoder.decode(bytes, { stream: true })
      if (text.includes(': keep-alive')) held.open()
    }
    expect(text).toMatch(/^: keep-alive$/m)
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/)
  })
}
