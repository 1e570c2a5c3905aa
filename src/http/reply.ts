import type { Completion } from '#core'
import { answersOf, choiceOf } from './choices.ts'
import type { ThinkForm } from './engine.ts'
import { reportHeaders, reportOf, usageOf } from './report.ts'
import type { Speech } from './speech.ts'

/** What every form of a reply needs to know. */
export type Telling = {
  readonly speech: Speech
  readonly id: string
  /** The model's name as the client wrote it. */
  readonly model: string
  readonly recipe: string
  readonly think: ThinkForm
  readonly n: number
  readonly includeUsage: boolean
}

/** The plain response: everything said, put together. Rejects with what went wrong. */
export async function plainReply(telling: Telling): Promise<Response> {
  const { speech, id, model, recipe, think, n } = telling
  let thinking = ''
  for await (const piece of speech.pieces) if (piece.type === 'thinking') thinking += piece.text
  const completion = await speech.completion
  const answers: readonly Completion[] = answersOf(completion, n)
  const body = {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: answers.map((answer, index) =>
      choiceOf(index, answer, index === 0 ? thinking.trim() : (answer.thinking ?? ''), think),
    ),
    usage: usageOf(speech),
    mull: reportOf(speech, recipe, id, completion),
  }
  return Response.json(body, { headers: reportHeaders(recipe, id, speech) })
}
