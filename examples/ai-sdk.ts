/** Vercel's AI SDK: `npm install ai @ai-sdk/openai`, start Mull, then `node examples/ai-sdk.ts`. */
import { argv, env } from 'node:process'
import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'

const mull = createOpenAI({
  baseURL: env['MULL_URL'] ?? 'http://127.0.0.1:8787/v1',
  apiKey: env['MULL_KEY'] ?? 'unused',
})

// By the door of OpenAI's Responses, whose form of thinking the SDK reads. Nothing is stored, so it must not refer to that.
const { fullStream } = streamText({
  model: mull.responses(env['MODEL'] ?? 'tiny-r1+sc@16'),
  prompt: argv[2] ?? 'What is 73 × 68?',
  providerOptions: { openai: { store: false, reasoningSummary: 'auto' } },
})
for await (const part of fullStream) {
  if (part.type === 'error') throw part.error
  if (part.type === 'reasoning-delta') process.stderr.write(part.text)
  if (part.type === 'text-delta') process.stdout.write(part.text)
}
process.stdout.write('\n')
