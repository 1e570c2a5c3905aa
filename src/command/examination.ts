import { type Capability, capabilities, execute, inCapabilityWords, messageOf } from '#core'
import type { Config } from '../config.ts'
import { nearest } from '../recipe/nearest.ts'
import { readText } from '../upstream/read-text.ts'
import { answers, type Here } from './here.ts'
import { counted } from './progress.ts'

export type Finding = {
  readonly check: string
  readonly state: 'ok' | 'no' | 'failed'
  /** What was seen. */
  readonly found: string
  /** What to do about it. */
  readonly todo?: string
}

/** Examines an upstream and one of its models, from the cable to the finer points; ends early where nothing more can be seen. */
export async function* examined(here: Here, config: Config, asked: string | undefined): AsyncGenerator<Finding> {
  const list = await send(here, 'GET', '/models')
  if ('error' in list) {
    yield {
      check: 'reachable',
      state: 'failed',
      found: list.error,
      todo: 'start the server, or correct --upstream (UPSTREAM_BASE_URL); it mostly ends in /v1',
    }
    return
  }
  yield { check: 'reachable', state: 'ok', found: `it answered within ${list.ms} ms` }
  if (isRefusal(list.status)) return yield keyRefused(list, config)

  const listed = idsIn(list.json)
  const model = asked ?? listed.find(answers) ?? listed[0]
  yield modelsFound(listed, asked)
  if (model === undefined) return

  const limit = config.UPSTREAM_LIMIT_FIELD
  const say = (content: string, most: number) =>
    send(here, 'POST', '/chat/completions', { model, messages: [{ role: 'user', content }], [limit]: most })
  const first = await say('What is 2 + 3?', 1024)
  if (!('error' in first) && isRefusal(first.status)) return yield keyRefused(first, config)
  if ('error' in first || first.status >= 300) {
    const found = 'error' in first ? first.error : `HTTP ${first.status}: ${complaintIn(first.json)}`
    return yield {
      check: 'answers',
      state: 'failed',
      found,
      todo: `try another model (-m), or see the server's own log`,
    }
  }
  yield {
    check: 'key',
    state: 'ok',
    found: config.UPSTREAM_API_KEY ? 'it was accepted' : 'none was sent, and none was asked for',
  }
  yield { check: 'answers', state: 'ok', found: `${model} did, in ${first.ms} ms` }
  yield thinkingFound(first.json)
  yield* abilities(here, model)
  yield await together(() => say('Say "ok".', 8), config)
}

type Heard = { readonly status: number; readonly json: unknown; readonly ms: number } | { readonly error: string }

async function send({ transport, caller }: Here, method: string, path: string, body?: object): Promise<Heard> {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' })
  if (caller.key) headers.set('authorization', `Bearer ${caller.key}`)
  const began = Date.now()
  try {
    const signal = AbortSignal.timeout(path === '/models' ? 5000 : 120_000)
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const reply = await transport.send({ method, path, headers, signal, ...sent })
    const text = await readText(reply.body, 16 * 1024 * 1024)
    return { status: reply.status, json: parsed(text), ms: Date.now() - began }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isRefusal = (status: number) => status === 401 || status === 403

function complaintIn(json: unknown): string {
  const { error, message } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const said = (error as { message?: unknown } | undefined)?.message ?? error ?? message ?? json
  return String(typeof said === 'object' ? JSON.stringify(said) : said).slice(0, 300)
}

const keyRefused = ({ status, json }: { status: number; json: unknown }, { UPSTREAM_API_KEY }: Config): Finding => ({
  check: 'key',
  state: 'failed',
  found: `${UPSTREAM_API_KEY ? 'it was refused' : 'none was sent, and one is asked for'} (HTTP ${status}: ${complaintIn(json)})`,
  todo: 'set UPSTREAM_API_KEY (or --key) to a key of this server',
})

function idsIn(json: unknown): string[] {
  const data = (json as { data?: unknown } | null)?.data ?? json
  return Array.isArray(data) ? data.map((entry) => entry?.id).filter((id) => typeof id === 'string') : []
}

function modelsFound(listed: readonly string[], asked: string | undefined): Finding {
  const check = 'models'
  if (listed.length === 0) {
    const todo = asked
      ? 'nothing, names are taken as they are'
      : 'name one with -m, or load one (ollama pull deepseek-r1)'
    return { check, state: asked ? 'no' : 'failed', found: 'none is listed', todo }
  }
  const names = `${listed.slice(0, 5).join(', ')}${listed.length > 5 ? ', …' : ''}`
  if (asked === undefined || listed.includes(asked))
    return { check, state: 'ok', found: `${counted(listed.length, 'model')}: ${names}` }
  return {
    check,
    state: 'no',
    found: `"${asked}" is not among ${names}`,
    todo: `name one that is.${nearest(asked, listed)}`,
  }
}

const thinkingFields = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking']

/** Where the thinking stands in a whole reply. */
function thinkingFound(json: unknown): Finding {
  const check = 'thinking'
  const { message = {} } = (json as { choices?: { message?: Record<string, unknown> }[] }).choices?.[0] ?? {}
  const field = thinkingFields.find((name) => message[name]?.toString())
  if (field) return { check, state: 'ok', found: `in the field ${field}` }
  const content = message['content']
  if (typeof content === 'string' && content.includes('</think>')) {
    const opening = content.includes('<think>') ? '' : ', the opening one left to the template'
    return { check, state: 'ok', found: `between tags in the content${opening}` }
  }
  return {
    check,
    state: 'no',
    found: 'none was seen',
    todo: 'nothing for a model that does not reason; for one that does, start its server with a reasoning parser',
  }
}

const without: Readonly<Record<Capability, string>> = {
  n: 'nothing: samples are drawn with a request each, so see that the server keeps its prompt cache on',
  logprobs: 'what weighs by confidence needs another server (vLLM, SGLang, llama.cpp)',
  prefill: 'what goes on with unfinished answers needs another server (vLLM, SGLang, llama.cpp)',
  effort: 'set UPSTREAM_EFFORT to how this server is told how long to think, if it can be',
  tools: 'start the server with its tool parser (vLLM: --enable-auto-tool-choice), or use a model that calls tools',
}

/** Asked with the same probes as strategies ask them. */
async function* abilities({ engine, caller }: Here, model: string): AsyncGenerator<Finding> {
  const plan = await engine.plan(model, 'none', caller)
  if (plan.kind === 'relay') return
  const { context } = plan
  for (const check of capabilities) {
    const found: { can?: boolean } = {}
    const { events, result } = execute(
      async (_prompt, scope) => {
        found.can = await context.can!(check, scope)
        return { text: '', finish: 'stop' }
      },
      { messages: [] },
      context,
    )
    const ended = result.then(
      () => undefined,
      (error: unknown) => messageOf(error),
    )
    const notes: string[] = []
    for await (const event of events) if (event.type === 'note') notes.push(event.text)
    const error = await ended
    const how = /yes \((.+)\)/.exec(notes.join(' '))?.[1]
    if (error !== undefined)
      yield { check, state: 'failed', found: error, todo: 'ask again; if it stays so, UPSTREAM_CAN says what it can' }
    else if (found.can) yield { check, state: 'ok', found: `it ${inCapabilityWords[check]}${how ? ` (${how})` : ''}` }
    else yield { check, state: 'no', found: `not seen that it ${inCapabilityWords[check]}`, todo: without[check] }
  }
}

const atOnce = 8

/** Whether several are served side by side: eight must not take eight times as long as one. */
async function together(ask: () => Promise<Heard>, { UPSTREAM_CONCURRENCY }: Config): Promise<Finding> {
  const check = 'side by side'
  const alone = timed(await ask())
  const began = Date.now()
  const all = await Promise.all(Array.from({ length: atOnce }, ask))
  const ms = Date.now() - began
  const failed = all.filter((heard) => 'error' in heard || heard.status >= 300)
  const [one] = failed
  if (one) {
    const reason = 'error' in one ? one.error : `HTTP ${one.status}: ${complaintIn(one.json)}`
    return {
      check,
      state: 'no',
      found: `${failed.length} of ${atOnce} at once were refused (${reason})`,
      todo: `lower UPSTREAM_CONCURRENCY from ${UPSTREAM_CONCURRENCY} to ${Math.max(1, atOnce - failed.length)}`,
    }
  }
  const found = `${atOnce} at once took ${ms} ms, one alone ${alone} ms`
  if (ms < 500 || ms < alone * atOnce * 0.6) return { check, state: 'ok', found }
  return {
    check,
    state: 'no',
    found: `${found}: they seem to wait for each other`,
    todo: 'let the server take several: OLLAMA_NUM_PARALLEL=8, llama-server -np 8',
  }
}

const timed = (heard: Heard) => ('error' in heard ? 0 : heard.ms)
