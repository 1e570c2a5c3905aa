/** How a family of models marks its thinking in plain text. Tags are matched in either case. */
export type Delimiter = {
  readonly open: string
  /** Any of these ends it. */
  readonly closes: readonly string[]
  /** What the block begins with that is not part of the thinking. */
  readonly label?: RegExp
  /** Neither thinking nor answer. */
  readonly silent?: true
  /** Prose, which counts only where the text begins. */
  readonly leading?: true
}

const tag = (name: string): Delimiter => ({ open: `<${name}>`, closes: [`</${name}>`] })
const escaped = (name: string): Delimiter => ({ open: `&lt;${name}&gt;`, closes: [`&lt;/${name}&gt;`] })
const granite = (is: string): Delimiter => ({
  open: `here${is} my thought process:`,
  closes: ["here's my response:", 'here is my response:'],
  leading: true,
})

export const delimiters: readonly Delimiter[] = [
  tag('think'),
  tag('thinking'),
  tag('thought'),
  tag('thoughts'),
  tag('reasoning'),
  tag('reasoning_process'),
  tag('seed:think'),
  tag('mm:think'),
  escaped('think'),
  { open: '[think]', closes: ['[/think]'] },
  { open: '◁think▷', closes: ['◁/think▷'] },
  { open: '<|begin_of_thought|>', closes: ['<|end_of_thought|>'] },
  { open: '<|startofthought|>', closes: ['<|endofthought|>'] },
  { open: '<|start_thinking|>', closes: ['<|end_thinking|>'] },
  { open: '<|inner_prefix|>', closes: ['<|inner_suffix|>'] },
  { open: '<|open|>think<|sep|>', closes: ['<|close|>think<|sep|>'] },
  { open: '<|content_thinking|>', closes: ['<|end_message|>'] },
  { open: '<|channel>', closes: ['<channel|>'], label: /^thought\r?\n/ },
  { open: '<|channel|>analysis<|message|>', closes: ['<|end|>'] },
  { open: '<|channel|>commentary<|message|>', closes: ['<|end|>', '<|call|>'], silent: true },
  granite("'s"),
  granite(' is'),
]

/** A chat template may have opened the block already, so that only the close is ever seen. */
export const bareCloses: readonly string[] = [
  '</think>',
  '</thinking>',
  '</seed:think>',
  '</mm:think>',
  '[/think]',
  '◁/think▷',
  '<|end_of_thought|>',
  '<|end_thinking|>',
  '<|inner_suffix|>',
  '<|close|>think<|sep|>',
  '<channel|>',
]

/** A call of a tool ends the thinking, closed or not. */
export const toolCalls: readonly string[] = [
  '<tool_call>\n',
  '<tool_call>{',
  '<tool_call><',
  '<|tool_calls_section_begin|>',
  '<｜tool▁calls▁begin｜>',
  '<minimax:tool_call>',
]

/** Tags around the whole answer. */
export const wrappers: readonly Delimiter[] = [
  tag('answer'),
  tag('response'),
  tag('summary'),
  { open: '<|begin_of_solution|>', closes: ['<|end_of_solution|>'] },
]

/** Special tokens that stand outside the thinking and say nothing to a reader. */
export const silentTokens: readonly string[] = [
  '<|start|>assistant',
  '<|channel|>final<|message|>',
  '<|return|>',
  '<|end|>',
  '<|start_text|>',
  '<|end_text|>',
  '<|start_response|>',
  '<|end_response|>',
  '<|open|>response<|sep|>',
  '<|close|>response<|sep|>',
  '<|message_model|>',
  '<|content_text|>',
  '<|end_message|>',
  '<|content_model_end_sampling|>',
  '<|startofanswer|>',
  '<|endofanswer|>',
]
