import { isObject, parseJson } from '#answers'
import type { Completion, Prompt, ToolCall } from '#core'
import { breaks, schemaOf } from '#vote'
import type { Found } from './check.ts'

/** Whether a candidate is the JSON that the client asked for, or its tool calls have the arguments that the tools take. */
export function asAsked({ text, toolCalls }: Completion, question: Prompt): Found | undefined {
  if (toolCalls?.length) return calledAsAsked(toolCalls, question)
  const format = question.rest?.['response_format']
  if (!isObject(format) || format['type'] === 'text') return undefined
  const value = parseJson(text)
  if (value === undefined) return { pass: false, detail: 'The answer is not JSON.' }
  if (breaks(value, schemaOf(question))) return { pass: false, detail: 'The answer breaks the JSON schema.' }
  return { pass: true, detail: 'The answer is the JSON that was asked for.' }
}

function calledAsAsked(calls: readonly ToolCall[], { rest = {} }: Prompt): Found | undefined {
  const tools = Array.isArray(rest['tools'])
    ? rest['tools'].flatMap((tool) => (isObject(tool) ? [tool['function']] : []))
    : []
  if (tools.length === 0) return undefined
  for (const { function: called } of calls) {
    const tool = tools.find((tool) => isObject(tool) && tool['name'] === called.name)
    if (!isObject(tool)) return { pass: false, detail: `There is no tool ${called.name}.` }
    const given = parseJson(called.arguments)
    if (given === undefined) return { pass: false, detail: `The arguments of ${called.name} are not JSON.` }
    if (breaks(given, tool['parameters']))
      return { pass: false, detail: `The arguments of ${called.name} break its schema.` }
  }
  return { pass: true, detail: 'The tools are called as they are declared.' }
}
