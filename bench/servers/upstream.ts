/** An upstream that costs as little as it can: it answers at once, or after DELAY_MS, whatever it is asked. */
import { createServer } from 'node:http'
import { chunk } from '../chunk.ts'

const delay = Number(process.env['DELAY_MS'] ?? 0)
const events = Number(process.env['EVENTS'] ?? 200)
const takesN = process.env['TAKES_N'] !== 'false'

const choice = (index: number) => ({
  index,
  message: { role: 'assistant', content: `The answer is \\boxed{42}.${' '.repeat(400)}` },
  finish_reason: 'stop',
})
const usage = { prompt_tokens: 20, completion_tokens: 100, total_tokens: 120 }
const whole = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [choice(0)],
  usage,
})

const token = chunk(0, 'token ')
const answers = (n: number) =>
  `${Array.from({ length: n }, (_, i) => chunk(i, 'The answer is \\boxed{42}.') + chunk(i, '', 'stop')).join('')}data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`

createServer((request, response) => {
  let body = ''
  request.on('data', (bytes) => {
    body += bytes
  })
  request.on('end', () => {
    const { stream, n = 1, bench } = JSON.parse(body || '{}') as { stream?: boolean; n?: number; bench?: string }
    setTimeout(() => {
      if (!stream) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(whole)
        return
      }
      if (n > 1 && !takesN) {
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"n must be 1"}}')
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (bench === 'first') {
        // As a model would: the next token takes some milliseconds, in which the first one has the machine to itself.
        response.write(token)
        setTimeout(() => response.end('data: [DONE]\n\n'), 5)
        return
      }
      if (bench !== 'tokens') return response.end(answers(n))
      let left = events
      const write = () => {
        if (left-- === 0) return response.end('data: [DONE]\n\n')
        if (response.write(token)) setImmediate(write)
        else response.once('drain', write)
      }
      write()
    }, delay)
  })
}).listen(Number(process.env['PORT']), '127.0.0.1')
