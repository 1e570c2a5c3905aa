import { canonicalJson, isObject, parseJson } from '../json.ts'
import type { Material } from './extract.ts'

const keys = ['final_answer', 'finalAnswer', 'answer', 'final', 'result']

/** The field named answer of a text that is a JSON object, alone or in the last fence. */
export function jsonAnswer({ text }: Material): string | undefined {
  const fenced = [...text.matchAll(/```(?:json)?\s*\n(\{[\s\S]*?\})\s*\n?```/gi)].at(-1)?.[1]
  const value = parseJson(fenced ?? text)
  if (!isObject(value)) return undefined
  const found = value[keys.find((name) => Object.hasOwn(value, name)) ?? '']
  if (found === undefined || found === null) return fenced === undefined ? canonicalJson(value) : undefined
  return typeof found === 'object' ? canonicalJson(found) : String(found)
}
