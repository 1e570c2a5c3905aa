import type { Asked, AskedJson, Choice, Failure, Raw, Reply } from './reply.ts'

export const failure = ({ status, error, headers = {} }: Failure): Raw => {
  const form = { type: 'invalid_request_error', param: null, code: null, ...error }
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    chunks: [JSON.stringify({ error: form })],
  }
}

const answer = (body: object): Raw => ({ chunks: [JSON.stringify(body)] })
const cut = (text: string) => text.match(/.{1,5}/gsu) ?? []

function parts({ text, thinking = '', field = 'reasoning_content', finish, toolCalls = [] }: Choice) {
  const tagged = thinking !== '' && field === 'tags'
  const apart = thinking !== '' && field !== 'tags' && field !== 'none'
  return {
    thinking: apart ? { [field]: thinking } : {},
    content: tagged ? `<think>\n${thinking}\n</think>\n\n${text}` : text,
    calls: toolCalls.map(({ id, ...call }) => ({ id, type: 'function', function: call })),
    finish: finish ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
  }
}

function whole(choice: Choice, index: number) {
  const { thinking, content, calls, finish } = parts(choice)
  const called = calls.length > 0 ? { tool_calls: calls } : {}
  const message = { role: 'assistant', content: content === '' && calls.length > 0 ? null : content }
  return { index, message: { ...message, ...thinking, ...called }, finish_reason: finish }
}

function pieces(choice: Choice, index: number) {
  const { thinking, content, calls, finish } = parts(choice)
  const deltas = [
    { role: 'assistant', content: '' },
    ...Object.entries(thinking).flatMap(([field, value]) => cut(value).map((piece) => ({ [field]: piece }))),
    ...cut(content).map((piece) => ({ content: piece })),
    ...calls.flatMap((call, at) => [
      { tool_calls: [{ ...call, index: at, function: { ...call.function, arguments: '' } }] },
      ...cut(call.function.arguments).map((piece) => ({ tool_calls: [{ index: at, function: { arguments: piece } }] })),
    ]),
  ]
  const said = deltas.map((delta) => ({ index, delta, finish_reason: null }))
  return [...said, { index, delta: {}, finish_reason: finish }]
}

/** The bytes of a reply to one request. */
export function render(reply: Reply, asked: AskedJson, index: number): Raw {
  if ('raw' in reply) return reply.raw
  if ('error' in reply) return failure(reply)
  const scripted = 'choices' in reply ? reply.choices : [reply]
  const choices = (asked.n ?? 1) > 1 ? scripted : scripted.slice(0, 1)
  const out = 5 * choices.length
  const { usage = { prompt_tokens: 10, completion_tokens: out, total_tokens: 10 + out } } = reply
  const head = { id: `chatcmpl-${index}`, created: 1_700_000_000, model: asked.model }
  const counted = usage === null ? {} : { usage }
  if (asked.stream !== true) {
    return answer({ ...head, object: 'chat.completion', choices: choices.map(whole), ...counted })
  }
  const lists = choices.map(pieces)
  const rounds = Math.max(0, ...lists.map((list) => list.length))
  const turns = Array.from({ length: rounds }, (_, round) => lists.flatMap((list) => list.slice(round, round + 1)))
  const bodies: object[] = turns.flat().map((choice) => ({ choices: [choice] }))
  if (asked.stream_options?.include_usage && usage !== null) bodies.push({ choices: [], usage })
  const lines = bodies.map((body) => JSON.stringify({ ...head, object: 'chat.completion.chunk', ...body }))
  return { chunks: [...lines, '[DONE]'].map((line) => `data: ${line}\n\n`) }
}

const vector = [0.1, 0.2, 0.3]
const described = (id: string) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'upstream' })

/** What is answered to anything but a chat completion request. */
export function other({ method, path, json }: Asked, models: string[] | undefined): Raw {
  const route = `${method} ${path.split('?')[0]}`
  const model = models?.find(
    (id) => route === `GET /v1/models/${id}` || route === `GET /v1/models/${encodeURIComponent(id)}`,
  )
  if (model !== undefined) return answer(described(model))
  if (route === 'GET /v1/models' && models !== undefined) return answer({ object: 'list', data: models.map(described) })
  if (route !== 'POST /v1/embeddings') return failure({ status: 404, error: { message: `Nothing is at ${route}` } })
  const inputs = Array.isArray(json?.['input']) ? json['input'] : [json?.['input']]
  const packed = Buffer.from(new Float32Array(vector).buffer).toString('base64')
  const embedding = json?.['encoding_format'] === 'base64' ? packed : vector
  const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding }))
  return answer({ object: 'list', data, model: json?.model, usage: { prompt_tokens: 3, total_tokens: 3 } })
}
