import { limitFieldOf, mainOf } from '../config/index.ts'
import { abilities } from './abilities.ts'
import { type Called, called } from './called.ts'
import type { Finding } from './finding.ts'
import { complaintIn, type Heard, isRefusal, type Reply, send } from './heard.ts'
import { mullHere } from './here.ts'
import { modelOf, modelsFound } from './models-found.ts'
import { together } from './side-by-side.ts'
import type { Subject } from './subjects.ts'

/** Examines an upstream and one of its models, from the cable to the finer points; ends early where nothing more can be seen. */
export async function* examined(subject: Subject): AsyncGenerator<Finding> {
  const { name, config } = subject
  const names = called(name)
  const own = mainOf(config)
  let list: Reply | undefined
  for (const address of own.url ?? [undefined]) {
    const there = mullHere(address ? { ...config, upstreams: { one: { ...own, url: [address] } } } : config)
    const told = await send(there, 'GET', '/models')
    yield reached(told, own.url && own.url.length > 1 ? `${address!.url}: ` : '', names)
    if (!('error' in told)) list ??= told
  }
  if (!list) return
  const keyed = own.key !== undefined
  if (isRefusal(list.status)) return yield keyRefused(list, keyed, names)

  const { model, ...models } = modelOf(subject, list.json)
  yield modelsFound(models)
  if (model === undefined) return

  const here = mullHere(config)
  const say = (content: string, most: number) =>
    send(here, 'POST', '/chat/completions', { model, messages: [{ role: 'user', content }], [limitFieldOf(own)]: most })
  const first = await say('What is 2 + 3?', 1024)
  if (!('error' in first) && isRefusal(first.status)) return yield keyRefused(first, keyed, names)
  if ('error' in first || first.status >= 300) {
    const found = 'error' in first ? first.error : `HTTP ${first.status}: ${complaintIn(first.json)}`
    return yield {
      check: 'answers',
      state: 'failed',
      found,
      todo: `try another model (-m), or see the server's own log`,
    }
  }
  yield { check: 'key', state: 'ok', found: keyed ? 'it was accepted' : 'none was sent, and none was asked for' }
  yield { check: 'answers', state: 'ok', found: `${model} did, in ${first.ms} ms` }
  yield thinkingFound(first.json)
  yield* abilities(here, model, names)
  yield await together(() => say('Say "ok".', 8), own, names)
}

function reached(told: Heard, which: string, names: Called): Finding {
  const check = 'reachable'
  if (!('error' in told)) return { check, state: 'ok', found: `${which}it answered within ${told.ms} ms` }
  const todo = `start the server, or correct ${names.url}; it mostly ends in /v1`
  return { check, state: 'failed', found: which + told.error, todo }
}

const keyRefused = ({ status, json }: Reply, keyed: boolean, names: Called): Finding => ({
  check: 'key',
  state: 'failed',
  found: `${keyed ? 'it was refused' : 'none was sent, and one is asked for'} (HTTP ${status}: ${complaintIn(json)})`,
  todo: `set ${names.key} to a key of this server`,
})

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
