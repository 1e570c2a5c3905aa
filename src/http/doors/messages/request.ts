import * as z from 'zod'
import type { Message, Prompt } from '#core'
import type { Asked, Body } from '../../door.ts'
import type { ThinkForm } from '../../engine.ts'
import { common, defined, type MullExtension, maybe, readBy, settings, stops } from '../../request.ts'
import { untranslatable } from '../parts.ts'
import { messagesOf, systemOf } from './conversation.ts'

const record = z.record(z.string(), z.unknown())

const content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))])

const tool = z.looseObject({
  type: maybe(z.string()),
  name: z.string(),
  description: maybe(z.string()),
  input_schema: maybe(record),
  strict: maybe(z.boolean()),
})

const jsonFormat = z.looseObject({ type: z.literal('json_schema'), schema: record })

/** The fields of a request to Anthropic's API that mean something to another; those in neither list go on as they are. */
const request = z.looseObject({
  ...common,
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content })).min(1),
  system: maybe(z.union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() }))])),
  max_tokens: maybe(z.int().positive()),
  stop_sequences: maybe(stops),
  thinking: maybe(
    z.looseObject({ type: z.string(), budget_tokens: maybe(z.int().positive()), display: maybe(z.string()) }),
  ),
  output_config: maybe(z.looseObject({ effort: maybe(z.string()), format: maybe(jsonFormat) })),
  output_format: maybe(jsonFormat),
  tools: maybe(z.array(tool)),
  tool_choice: maybe(
    z.looseObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: maybe(z.string()),
      disable_parallel_tool_use: maybe(z.boolean()),
    }),
  ),
})

type Request = z.output<typeof request>

/** About Anthropic's own service: accounts, caches, versions, containers. */
const ofTheService = new Set([
  'metadata',
  'service_tier',
  'cache_control',
  'container',
  'context_management',
  'inference_geo',
  'speed',
  'diagnostics',
  'betas',
  'user_profile_id',
  'workspace_id',
])

export function readMessages(body: Body, extension: MullExtension | undefined, think: ThinkForm): Asked<undefined> {
  const fields = readBy(request, body)
  if (fields['mcp_servers']) throw untranslatable('mcp_servers', 'only Anthropic’s own API calls MCP servers.')
  const {
    model: _model,
    mull: _mull,
    messages,
    system,
    stream,
    max_tokens,
    temperature,
    seed,
    stop_sequences,
    thinking,
    output_config,
    output_format,
    tools,
    tool_choice,
    ...others
  } = fields
  const rest = {
    ...Object.fromEntries(Object.entries(others).filter(([field]) => !ofTheService.has(field))),
    ...defined({
      tools: tools?.map(toolOf),
      tool_choice: tool_choice && choiceOf(tool_choice),
      parallel_tool_calls: tool_choice?.disable_parallel_tool_use ? false : undefined,
      response_format: formatOf(output_config?.format ?? output_format),
      reasoning_effort: output_config?.effort ?? effortOf(thinking),
    }),
  }
  return {
    prompt: {
      ...conversation([...systemOf(system), ...messagesOf(messages)]),
      rest,
      ...settings({ temperature, seed, stop: stop_sequences }),
      ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
    },
    stream: stream ?? false,
    n: 1,
    think: extension?.think ?? (isShown(thinking) && think !== 'none' ? 'both' : 'none'),
    form: undefined,
  }
}

/** An assistant's words at the end are gone on with. */
function conversation(messages: readonly Message[]): Pick<Prompt, 'messages' | 'continues'> {
  const last = messages.at(-1)
  const continues = last?.role === 'assistant' && last['tool_calls'] === undefined && typeof last.content === 'string'
  return continues ? { messages, continues } : { messages }
}

/** A client that did not ask for thinking takes the first block for the answer. */
const isShown = (thinking: Request['thinking']): boolean =>
  thinking !== undefined && thinking.type !== 'disabled' && thinking.display !== 'omitted'

/** The word that is nearest to a budget of tokens; the three are those that most upstreams know. */
function effortOf(thinking: Request['thinking']): string | undefined {
  if (thinking?.type !== 'enabled' || thinking.budget_tokens === undefined) return undefined
  if (thinking.budget_tokens <= 4096) return 'low'
  return thinking.budget_tokens <= 16_384 ? 'medium' : 'high'
}

function toolOf({ type = 'custom', name, description, input_schema, strict }: z.output<typeof tool>, index: number) {
  if (type !== 'custom')
    throw untranslatable(`tools.${index}`, `"${type}" is a tool of Anthropic’s own API; give it an input_schema.`)
  const parameters = input_schema ?? { type: 'object', properties: {} }
  return { type: 'function', function: defined({ name, description, parameters, strict }) }
}

function choiceOf({ type, name }: NonNullable<Request['tool_choice']>): unknown {
  if (type === 'tool') return { type: 'function', function: { name } }
  return type === 'any' ? 'required' : type
}

const formatOf = (format: z.output<typeof jsonFormat> | undefined) =>
  format && { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: format.schema } }
