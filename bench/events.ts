import { readConfig } from '../src/config/index.ts'
import { createEngine, httpOptions } from '../src/engine.ts'
import { createApp } from '../src/http/app.ts'
import { inMemory } from '../src/remembered.ts'
import type { Transport } from '../src/upstream/transport.ts'
import { chunk } from './chunk.ts'
import { median } from './load.ts'

const samples = 16
const tokens = 1000

/** CPU time of one event of a sampled stream: read, parsed, split into thinking and answer, traced. */
export async function events(): Promise<void> {
  const config = readConfig({})
  const app = createApp(
    createEngine(config, () => transport, inMemory(config)),
    httpOptions(config),
  )
  const rows: [string, number][] = []
  for (const stream of [false, true]) {
    const taken: number[] = []
    for (let round = 0; round < 9; round++) {
      const start = process.cpuUsage()
      const body = { model: `m+self-consistency@${samples}`, stream, messages: [{ role: 'user', content: 'q' }] }
      const url = 'http://localhost/v1/chat/completions'
      const response = await app.fetch(new Request(url, { method: 'POST', body: JSON.stringify(body) }))
      const text = await response.text()
      if (!text.includes('boxed')) throw new Error(`There was no answer: ${text.slice(0, 200)}`)
      const { user, system } = process.cpuUsage(start)
      taken.push((user + system) / (samples * tokens))
    }
    rows.push([stream ? 'streamed' : 'plain', median(taken.slice(2))])
  }
  console.error(`\n### CPU per sampled event: ${samples} samples of ${tokens} tokens, one event each, in one process\n`)
  console.error('| the answer is | µs per event |')
  console.error('| --- | --- |')
  for (const [name, cost] of rows) console.error(`| ${name} | ${cost.toFixed(1)} |`)
}

/** Sixteen choices that take turns, a token each: all of it thinking, but for the answer at the end. */
const body = (() => {
  const word = (token: number) => (token === 0 ? '<think>' : token < tokens - 2 ? ' token' : '')
  const content = (token: number) => (token === tokens - 2 ? '</think>The answer is \\boxed{42}.' : word(token))
  const encoder = new TextEncoder()
  const chunks: Uint8Array[] = []
  for (let token = 0; token < tokens; token++) {
    const turn = Array.from({ length: samples }, (_, index) =>
      chunk(index, content(token), token === tokens - 1 ? 'stop' : null),
    )
    chunks.push(encoder.encode(turn.join('')))
  }
  chunks.push(encoder.encode('data: [DONE]\n\n'))
  return chunks
})()

const transport: Transport = {
  async send() {
    return { status: 200, headers: new Headers({ 'content-type': 'text/event-stream' }), body: read() }
  },
  async relay() {
    throw new Error('Nothing is relayed here.')
  },
}

async function* read(): AsyncGenerator<Uint8Array> {
  yield* body
}
