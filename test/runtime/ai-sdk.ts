import { generateText, jsonSchema, type LanguageModel, streamText, tool } from 'ai'
import { expect, test } from 'vitest'
import { inTurn, type Stage } from './proxy.ts'

/** What a call of the AI SDK takes beside a model and what is asked. */
type Settings = Pick<Parameters<typeof generateText>[0], 'providerOptions' | 'maxOutputTokens'>

/** The AI SDK gets from a door what it would get from the vendor whose door it is; `to` is its model by name. */
export function aiSdkTests(on: Stage, to: (model: string) => LanguageModel, settings: Settings = {}): void {
  test('the AI SDK reads text, thinking and usage, streamed and not', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    const asked = { ...settings, model: to('m4+sc@2'), prompt: 'How much?', maxRetries: 0 }
    const plain = await generateText(asked)
    const streamed = streamText(asked)
    for (const [text, reasoning, usage] of [
      [plain.text, plain.reasoningText, plain.usage],
      [await streamed.text, await streamed.reasoningText, await streamed.usage],
    ] as const) {
      expect(text).toBe('42')
      expect(reasoning).toContain('six sevens')
      expect(usage).toMatchObject({ inputTokens: 10, outputTokens: 10 })
    }
  })

  test('the AI SDK calls a tool and goes on with its result', async () => {
    on.upstream.reply(({ json }) =>
      json?.messages?.at(-1)?.role === 'tool'
        ? { text: 'Sunny' }
        : {
            text: '',
            thinking: 'I must look.',
            toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' }],
          },
    )
    const look = tool({
      inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } }),
      execute: async ({ city }) => `sun in ${city}`,
    })
    const { text } = await generateText({
      ...settings,
      model: to('r1+none'),
      prompt: 'How is the weather?',
      tools: { weather: look },
      maxRetries: 0,
      stopWhen: ({ steps }) => steps.length > 2,
    })
    expect(text).toBe('Sunny')
    expect(on.upstream.asked.at(-1)!.json!.messages!.at(-1)).toMatchObject({ role: 'tool', content: 'sun in Bern' })
  })
}
