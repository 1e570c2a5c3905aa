import { readConfig } from '../../../src/config/index.ts'
import { createEngine, httpOptions } from '../../../src/engine.ts'
import { createApp } from '../../../src/http/app.ts'
import { inMemory } from '../../../src/remembered.ts'
import { type DemoOptions, demo } from '../../../src/upstream/demo.ts'
import { fetchTransport } from '../../../src/upstream/fetch-transport.ts'

type Demo = ReturnType<typeof demo>
type Reply = {
  choices: { index: number; message: { content: string }; finish_reason: string }[]
  usage: Usage
  model: string
}
type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number }
export type Options = { question?: string; messages?: object[]; [field: string]: unknown }

export const bodyOf = ({ question = 'What is 17 × 24?', ...rest }: Options) => ({
  model: 'demo',
  messages: [{ role: 'user', content: question }],
  ...rest,
})

export const post = (ask: Demo, body: unknown, path = '/v1/chat/completions') =>
  ask(
    new Request(`http://demo${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  )

export async function reply(ask: Demo, options: Options = {}): Promise<Reply> {
  const response = await post(ask, bodyOf(options))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Reply
}

export const contentOf = async (ask: Demo, options: Options = {}) =>
  (await reply(ask, options)).choices[0]!.message.content

/** What stands behind the thinking. */
export const answerOf = (content: string) => content.split('</think>').at(-1)!.trim()

/** The last number said. */
export const numberOf = (content: string) =>
  Number(
    answerOf(content)
      .match(/-?\d+(?:\.\d+)?/g)
      ?.at(-1),
  )

/** The whole proxy in front of a demo, asked without a socket. */
export function proxy(options: DemoOptions = {}) {
  const config = readConfig({})
  const answer = demo(options)
  const transport = fetchTransport((url, init) => answer(new Request(url, init)), {
    baseUrl: 'http://demo/v1',
    timeoutMs: 10_000,
  })
  const app = createApp(
    createEngine(config, () => transport, inMemory(config)),
    httpOptions(config),
  )
  return async (model: string, question: string, seed: number) => {
    const body = JSON.stringify({ ...bodyOf({ question, seed }), model })
    const headers = { 'content-type': 'application/json' }
    const url = 'http://localhost/v1/chat/completions'
    const response = await app.fetch(new Request(url, { method: 'POST', headers, body }))
    const { choices } = (await response.json()) as Reply
    return choices[0]!.message.content
  }
}
