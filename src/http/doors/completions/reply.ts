import type { Completion } from '#core'
import type { Telling, Whole } from '../../door.ts'
import { failureOf } from '../../failure.ts'
import { tagged } from '../../pieces.ts'
import { reported, usageOf } from '../../report.ts'
import { event } from '../../sse.ts'
import { answersOf, finishReason } from '../answers.ts'
import type { CompletionsForm } from './request.ts'

type Told = Telling<CompletionsForm>

/** The whole completion. */
export function completionOf(telling: Told, { completion, thinking }: Whole) {
  const choices = placed(telling, completion).map(([index, answer], position) => {
    const text = position === 0 && telling.think === 'tags' ? tagged(thinking, answer.text) : answer.text
    return choiceOf(index, text, finishOf(answer))
  })
  return { ...headOf(telling), choices, usage: usageOf(telling.speech), ...reported(telling, completion) }
}

/** Every event of the streamed completion. A failure is the last one: `[DONE]` says that an answer is whole. */
export async function* events(telling: Told): AsyncGenerator<string> {
  try {
    yield* chunks(telling)
    yield 'data: [DONE]\n\n'
  } catch (error) {
    yield event(failureOf(error).body)
  }
}

async function* chunks(telling: Told): AsyncGenerator<string> {
  const { speech, pieces, form } = telling
  const head = { ...headOf(telling), ...(form.includeUsage ? { usage: null } : {}) }
  const chunk = (index: number, text: string, finish: string | null = null, more: object = {}) =>
    event({ ...head, choices: [choiceOf(index, text, finish)], ...more })

  for await (const { text } of pieces) yield chunk(0, text)
  const completion = await speech.completion
  const answers = placed(telling, completion)
  for (const [position, [index, answer]] of answers.entries()) {
    if (position > 0 && answer.text) yield chunk(index, answer.text)
    const report = position === answers.length - 1 ? reported(telling, completion) : {}
    yield chunk(index, '', finishOf(answer), report)
  }
  if (form.includeUsage) yield event({ ...head, choices: [], usage: usageOf(speech) })
}

/** The answers with their indices: with several prompts, each has its place among those of its prompt. */
function placed({ n, form: { prompts } }: Told, completion: Completion): readonly (readonly [number, Completion])[] {
  const answers = answersOf(completion, n * prompts)
  return answers.map((answer, position) => [prompts > 1 ? (answer.index ?? position) : position, answer])
}

const headOf = ({ id, created, model }: Told) => ({ id: `cmpl-${id}`, object: 'text_completion', created, model })

const choiceOf = (index: number, text: string, finish_reason: string | null) => ({
  text,
  index,
  logprobs: null,
  finish_reason,
})

/** There are no tools here. */
const finishOf = ({ finish }: Completion) => (finish === 'tool_calls' ? 'stop' : finishReason(finish))
