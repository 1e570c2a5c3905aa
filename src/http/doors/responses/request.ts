import * as z from 'zod'
import type { Asked, Body } from '../../door.ts'
import type { ThinkForm } from '../../engine.ts'
import { common, defined, type MullExtension, maybe, readBy, settings } from '../../request.ts'
import { untranslatable } from '../parts.ts'
import { messagesOf } from './conversation.ts'

const record = z.record(z.string(), z.unknown())

const named = z.looseObject({ type: z.string(), name: maybe(z.string()) })

const tool = z.looseObject({
  type: z.string(),
  name: maybe(z.string()),
  description: maybe(z.string()),
  parameters: maybe(record),
  strict: maybe(z.boolean()),
})

const format = z.looseObject({
  type: z.enum(['text', 'json_object', 'json_schema']),
  name: maybe(z.string()),
  description: maybe(z.string()),
  schema: maybe(record),
  strict: maybe(z.boolean()),
})

/** The fields of a request to OpenAI's Responses API that chat completions do not have, or have in another form. */
const request = z.looseObject({
  ...common,
  input: z.union([z.string(), z.array(z.looseObject({})).min(1)]),
  instructions: maybe(z.string()),
  max_output_tokens: maybe(z.int().positive()),
  reasoning: maybe(z.looseObject({ effort: maybe(z.string()) })),
  text: maybe(z.looseObject({ format: maybe(format), verbosity: maybe(z.string()) })),
  tools: maybe(z.array(tool)),
  tool_choice: maybe(z.union([z.string(), named])),
  top_logprobs: maybe(z.int().min(0).max(20)),
  include: maybe(z.array(z.string())),
})

/** What a response repeats of its request. */
export type ResponsesForm = { readonly repeated: Readonly<Record<string, unknown>> }

/** About what OpenAI keeps, or does, beside the model. */
const ofTheService = new Set([
  'store',
  'background',
  'metadata',
  'truncation',
  'include',
  'stream_options',
  'max_tool_calls',
  'context_management',
  'moderation',
])

export function readResponses(
  body: Body,
  extension: MullExtension | undefined,
  think: ThinkForm,
): Asked<ResponsesForm> {
  refuseState(body)
  const fields = readBy(request, body)
  const {
    model: _model,
    mull: _mull,
    input,
    instructions,
    stream,
    max_output_tokens,
    temperature,
    seed,
    reasoning,
    text,
    tools,
    tool_choice,
    top_logprobs,
    include,
    ...others
  } = fields
  const rest = {
    ...Object.fromEntries(
      Object.entries(others).filter(([field, value]) => value !== null && !ofTheService.has(field)),
    ),
    ...defined({
      tools: tools && tools.length > 0 ? tools.map(toolOf) : undefined,
      tool_choice: choiceOf(tool_choice),
      response_format: formatOf(text?.format),
      verbosity: text?.verbosity,
      reasoning_effort: reasoning?.effort,
      logprobs: top_logprobs !== undefined || include?.includes('message.output_text.logprobs') ? true : undefined,
      top_logprobs,
    }),
  }
  return {
    prompt: {
      messages: [
        ...(instructions ? [{ role: 'system', content: instructions }] : []),
        ...(typeof input === 'string' ? [{ role: 'user', content: input }] : messagesOf(input)),
      ],
      rest,
      ...settings({ temperature, seed }),
      ...(max_output_tokens === undefined ? {} : { maxTokens: max_output_tokens }),
    },
    stream: stream ?? false,
    n: 1,
    think: extension?.think ?? think,
    form: { repeated: repeatedOf(body) },
  }
}

/** No conversation is kept here. */
function refuseState(body: Body): void {
  for (const field of ['previous_response_id', 'conversation'])
    if (body[field]) throw untranslatable(field, 'nothing is stored here; send the whole conversation as input.')
  if (body['prompt']) throw untranslatable('prompt', 'no prompts are stored here; send instructions and input.')
  if (body['background'] === true)
    throw untranslatable('background', 'nothing is stored here, so nobody could ask for it later; stream it instead.')
}

function toolOf({ type, name, description, parameters, strict }: z.output<typeof tool>, index: number) {
  if (type !== 'function')
    throw untranslatable(
      `tools.${index}`,
      `"${type}" is a tool of OpenAI’s own API; only functions can be called here.`,
    )
  return { type, function: defined({ name, description, parameters, strict }) }
}

function choiceOf(choice: z.output<typeof request>['tool_choice']): unknown {
  if (choice === undefined || typeof choice === 'string') return choice
  const { type, name, mode, tools } = choice
  if (type === 'function') return { type, function: { name } }
  if (type !== 'allowed_tools' || !Array.isArray(tools))
    throw untranslatable('tool_choice', `"${type}" has no form in chat completions.`)
  return { type, allowed_tools: { mode, tools: tools.map(({ name }) => ({ type: 'function', function: { name } })) } }
}

function formatOf(asked: z.output<typeof format> | undefined): unknown {
  if (asked === undefined || asked.type === 'text') return undefined
  const { type, name = 'answer', description, schema, strict } = asked
  return type === 'json_object' ? { type } : { type, json_schema: defined({ name, description, schema, strict }) }
}

/** OpenAI's own values where the request says nothing. */
const unsaid = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  reasoning: { effort: null, summary: null },
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
}

const repeatedOf = (body: Body) =>
  Object.fromEntries(Object.entries(unsaid).map(([field, value]) => [field, body[field] ?? value]))
