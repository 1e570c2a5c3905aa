import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { chunk, whole } from './upstream.ts'

/** The ways in which an upstream goes wrong. */
export const faultNames = [
  'status 500',
  'reset before the reply',
  'reset in the reply',
  'hang',
  'silence in the reply',
  'slow body',
  'truncated reply',
  'garbage',
  'wrong content type',
  '50 MB reply',
  '50 MB without a line break',
  'invalid UTF-8',
  '429 storm',
  'odd status line',
  'another protocol',
  'redirect inside',
  'head alone',
  'page',
] as const
export type Fault = (typeof faultNames)[number] | '200 MB reply'

type Asked = { readonly stream: boolean; readonly said: string }

const secretive = 'at Server.handle (/srv/model/server.js:12:3) http://10.0.0.7:8000/v1 sk-upstream-secret'

/** Fails in one of these ways, streamed or not. */
export async function failWith(fault: Fault, response: ServerResponse, { stream, said }: Asked): Promise<void> {
  const begin = (type = stream ? 'text/event-stream' : 'application/json') =>
    response.writeHead(200, { 'content-type': type })
  const reply = stream
    ? chunk({ content: said }) + chunk({}, 0, 'stop') + 'data: [DONE]\n\n'
    : JSON.stringify(whole(said))
  const first = stream ? chunk({ role: 'assistant', content: 'The' }) : reply.slice(0, reply.length / 2)
  switch (fault) {
    case 'status 500':
      response.writeHead(500, { 'content-type': 'text/html' }).end(`<html>${secretive}</html>`)
      return
    case 'reset before the reply':
      response.socket?.resetAndDestroy()
      return
    case 'reset in the reply':
      begin().write(first, () => response.socket?.resetAndDestroy())
      return
    case 'hang':
      await once(response, 'close')
      return
    case 'silence in the reply':
      begin().write(first)
      await once(response, 'close')
      return
    case 'slow body': {
      begin()
      const size = Math.ceil(reply.length / 8)
      for (let at = 0; at < reply.length && !response.destroyed; at += size) {
        response.write(reply.slice(at, at + size))
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      response.end()
      return
    }
    case 'truncated reply':
      begin().end(first)
      return
    case 'garbage':
      begin().end(stream ? 'data: {"choices":[{]}\n\ndata: \u0000\n\n' : '\u0001\u0002{{{')
      return
    case 'wrong content type':
      begin('text/html').end(reply)
      return
    case '50 MB reply':
    case '200 MB reply': {
      const much = ' '.repeat(1024 * 1024)
      begin()
      const [head, tail] = stream
        ? [chunk({ content: said }), chunk({}, 0, 'stop') + 'data: [DONE]\n\n']
        : [reply.slice(0, -1), '}']
      await drip(response, head, Number.parseInt(fault, 10), () => (stream ? chunk({ content: much }) : much))
      response.end(tail)
      return
    }
    case '50 MB without a line break':
      begin()
      await drip(response, stream ? 'data: {"a":"' : '{"a":"', 50, () => 'x'.repeat(1024 * 1024))
      response.end()
      return
    case 'invalid UTF-8':
      begin()
      response.end(
        Buffer.concat([
          Buffer.from(reply.replace('answer', 'answer \u00ff')).map((byte) => (byte === 0xc3 ? 0xff : byte)),
        ]),
      )
      return
    case '429 storm':
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' })
        .end('{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}')
      return
    case 'another protocol':
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n')
      return
    case 'redirect inside':
      response.writeHead(307, { location: 'http://10.0.0.7:8000/v1/chat/completions' }).end(secretive)
      return
    case 'head alone':
      begin().flushHeaders()
      response.socket?.end()
      return
    case 'page':
      begin('text/html').end(`<html>${secretive}</html>`)
      return
    case 'odd status line':
      response.socket?.end('HTTP/1.1 099 \u0001odd\r\nx-odd: \u0001\r\ncontent-length: 2\r\n\r\n{}')
      return
  }
}

async function drip(response: ServerResponse, head: string, times: number, part: () => string): Promise<void> {
  response.write(head)
  for (let i = 0; i < times && !response.destroyed; i++) if (!response.write(part())) await drained(response)
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
