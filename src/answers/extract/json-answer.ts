import { canonicalJson, parseJson } from '../json.ts'
import type { Material } from './extract.ts'

const keys = ['final_answer', 'finalAnswer', 'answer', 'final', 'result']

/** The field named answer of a text that is a JSON object, alone or in the last fence. */
export function jsonAnswer({ text }: Material): string | undefined {
  const fenced = [...text.matchAll(/```(?:json)?\s*\n(\{[\s\S]*?\})\s*\n?```/gi)].at(-1)?.[1]
  const value = parseJson(fenced ?? text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const key = keys.find((name) => Object.hasOwn(value, name))
  const found: unknown = key === undefined ? undefined : (value as Record<string, unknown>)[key]
  if (found === undefined || found === null) return fenced === undefined ? canonicalJson(value) : undefined
  return typeof found === 'object' ? canonicalJson(found) : String(found)
}
