import { limitFieldOf, mainOf, type Upstream } from '../config/index.ts'
import { abilities } from './abilities.ts'
import { type Called, called } from './called.ts'
import type { Finding } from './finding.ts'
import { complaintIn, type Heard, isRefusal, type Reply, send } from './heard.ts'
import { type Here, mullHere } from './here.ts'
import { type Models, modelsFound, modelsIn } from './models-found.ts'
import { together } from './side-by-side.ts'
import type { Subject } from './subjects.ts'

/** Examines an upstream and one of its models, from the cable to the finer points; ends early where nothing more can be seen. */
export async function* examined(subject: Subject): AsyncGenerator<Finding> {
  const { name, config } = subject
  const names = called(name)
  const own = mainOf(config)
  let told: Models | undefined
  let answers = false
  for (const address of own.url ?? [undefined]) {
    const which = own.url && own.url.length > 1 ? `${address!.url}: ` : ''
    const here = mullHere(address ? { ...config, upstreams: { one: { ...own, url: [address] } } } : config)
    const keyed = (address?.key ?? own.key) !== undefined
    const list = await send(here, 'GET', '/models')
    yield reached(list, which, names)
    if ('error' in list) continue
    if (isRefusal(list.status)) {
      yield keyRefused(list, keyed, which, names)
      continue
    }
    const models = told ?? modelsIn(subject, list.json)
    if (!told) yield modelsFound(models)
    told = models
    const { model } = models
    if (model === undefined) return
    const first = await question(here, own, model, 'What is 2 + 3?', 1024)
    yield* answered(first, model, keyed, which, names)
    if (answers || 'error' in first || first.status >= 300) continue
    answers = true
    yield thinkingFound(first.json)
  }
  if (!answers) return
  const here = mullHere(config)
  yield* abilities(here, told!.model!, names)
  yield await together(() => question(here, own, told!.model!, 'Say "ok".', 8), own, names)
}

const question = (here: Here, own: Upstream, model: string, content: string, most: number) =>
  send(here, 'POST', '/chat/completions', { model, messages: [{ role: 'user', content }], [limitFieldOf(own)]: most })

function* answered(first: Heard, model: string, keyed: boolean, which: string, names: Called): Generator<Finding> {
  if (!('error' in first) && isRefusal(first.status)) return yield keyRefused(first, keyed, which, names)
  if ('error' in first || first.status >= 300) {
    const found = which + ('error' in first ? first.error : `HTTP ${first.status}: ${complaintIn(first.json)}`)
    const todo = `try another model (-m), or see the server's own log`
    return yield { check: 'answers', state: 'failed', found, todo }
  }
  const found = `${which}${keyed ? 'it was accepted' : 'none was sent, and none was asked for'}`
  yield { check: 'key', state: 'ok', found }
  yield { check: 'answers', state: 'ok', found: `${which}${model} did, in ${first.ms} ms` }
}

function reached(told: Heard, which: string, names: Called): Finding {
  const check = 'reachable'
  if (!('error' in told)) return { check, state: 'ok', found: `${which}it answered within ${told.ms} ms` }
  const todo = `start the server, or correct ${names.url}; it mostly ends in /v1`
  return { check, state: 'failed', found: which + told.error, todo }
}

const keyRefused = ({ status, json }: Reply, keyed: boolean, which: string, names: Called): Finding => ({
  check: 'key',
  state: 'failed',
  found: `${which}${keyed ? 'it was refused' : 'none was sent, and one is asked for'} (HTTP ${status}: ${complaintIn(json)})`,
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
