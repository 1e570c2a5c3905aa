import { type Config, limitFieldOf, mainOf } from '../config/index.ts'
import { nearest } from '../recipe/nearest.ts'
import { abilities } from './abilities.ts'
import type { Finding } from './finding.ts'
import { complaintIn, isRefusal, send } from './heard.ts'
import { answers, type Here } from './here.ts'
import { counted } from './progress.ts'
import { together } from './side-by-side.ts'

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

  const limit = limitFieldOf(mainOf(config))
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
    found: mainOf(config).key ? 'it was accepted' : 'none was sent, and none was asked for',
  }
  yield { check: 'answers', state: 'ok', found: `${model} did, in ${first.ms} ms` }
  yield thinkingFound(first.json)
  yield* abilities(here, model)
  yield await together(() => say('Say "ok".', 8), config)
}

const keyRefused = ({ status, json }: { status: number; json: unknown }, config: Config): Finding => ({
  check: 'key',
  state: 'failed',
  found: `${mainOf(config).key ? 'it was refused' : 'none was sent, and one is asked for'} (HTTP ${status}: ${complaintIn(json)})`,
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
