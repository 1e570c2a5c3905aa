/** OpenAI's SDK: `npm install openai`, start Mull, then `node examples/openai.ts`. */
import { argv, env } from 'node:process'
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: env['MULL_URL'] ?? 'http://127.0.0.1:8787/v1',
  apiKey: env['MULL_KEY'] ?? 'unused',
})
const model = env['MODEL'] ?? 'tiny-r1+sc@16'
const messages = [{ role: 'user' as const, content: argv[2] ?? 'What is 73 × 68?' }]

// In one piece. What Mull adds is in fields that the SDK's types do not know.
const completion = await client.chat.completions.create({ model, messages })
const { mull } = completion as unknown as { mull?: { calls: number; votes?: { answer: string; count: number }[] } }
console.error(`${mull?.calls} calls: ${mull?.votes?.map(({ answer, count }) => `${answer} ×${count}`).join(', ')}`)
process.stdout.write(`${completion.choices[0]?.message.content}\n`)

// As it comes: first the story of the search, as reasoning_content, then the answer.
for await (const { choices } of await client.chat.completions.create({ model, messages, stream: true })) {
  const delta = choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined
  process.stderr.write(delta?.reasoning_content ?? '')
  process.stdout.write(delta?.content ?? '')
}
process.stdout.write('\n')
