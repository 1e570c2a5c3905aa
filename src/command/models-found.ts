import { nearest } from '../recipe/nearest.ts'
import type { Finding } from './finding.ts'
import { answers } from './here.ts'
import { counted } from './progress.ts'
import type { Subject } from './subjects.ts'

/** What an upstream lists, which of its models is examined, and which of them it was said to have. */
export type Models = {
  readonly listed: readonly string[]
  /** Undefined where one is taken that it lists. */
  readonly asked: string | undefined
  /** By the names that it is to have for them. */
  readonly promised: readonly string[]
  /** The one to examine; undefined where there is none. */
  readonly model: string | undefined
}

/** Reads a list of models, and chooses the one to examine. */
export function modelsIn({ model: asked, serves }: Subject, json: unknown): Models {
  const listed = idsIn(json)
  const promised = serves ? serves.names.map((name) => serves.exactly(name)!) : []
  const likely = [
    ...promised.filter((id) => listed.includes(id)),
    ...promised,
    ...listed.filter((id) => serves?.like(id)),
  ]
  return { listed, asked, promised, model: asked ?? [...likely, ...listed].find(answers) ?? listed[0] }
}

function idsIn(json: unknown): string[] {
  const data = (json as { data?: unknown } | null)?.data ?? json
  return Array.isArray(data) ? data.map((entry) => entry?.id).filter((id) => typeof id === 'string') : []
}

export function modelsFound({ listed, asked, promised }: Models): Finding {
  const check = 'models'
  if (listed.length === 0) {
    const isNamed = asked !== undefined || promised.length > 0
    const todo = isNamed
      ? 'nothing, names are taken as they are'
      : 'name one with -m, or load one (ollama pull deepseek-r1)'
    return { check, state: isNamed ? 'no' : 'failed', found: 'none is listed', todo }
  }
  const names = `${listed.slice(0, 5).join(', ')}${listed.length > 5 ? ', …' : ''}`
  const missing = (asked === undefined ? promised : [asked]).find((id) => !listed.includes(id))
  if (missing === undefined) return { check, state: 'ok', found: `${counted(listed.length, 'model')}: ${names}` }
  return {
    check,
    state: 'no',
    found: `"${missing}" is not among ${names}`,
    todo: `name one that is${asked === undefined ? ' in "serves"' : ''}.${nearest(missing, listed)}`,
  }
}
