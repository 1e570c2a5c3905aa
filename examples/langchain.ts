/** LangChain: `npm install @langchain/openai @langchain/core`, start Mull, then `node examples/langchain.ts`. */
import { argv, env } from 'node:process'
import { ChatOpenAI } from '@langchain/openai'

const chat = new ChatOpenAI({
  model: env['MODEL'] ?? 'tiny-r1+sc@16',
  apiKey: env['MULL_KEY'] ?? 'unused',
  configuration: { baseURL: env['MULL_URL'] ?? 'http://127.0.0.1:8787/v1' },
})
const { text, usage_metadata: usage } = await chat.invoke(argv[2] ?? 'What is 73 × 68?')
console.error(`${(usage as { total_tokens: number } | undefined)?.total_tokens} tokens, of all samples`)
process.stdout.write(`${text}\n`)
