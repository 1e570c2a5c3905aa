import type { Door } from '../../door.ts'
import { failureOf } from '../../failure.ts'
import { completionOf, events } from './reply.ts'
import { type CompletionsForm, readCompletions } from './request.ts'

/** OpenAI's legacy completions: each prompt is what a user says. */
export const completions: Door<CompletionsForm> = {
  path: '/completions',
  through: true,
  blocks: false,
  read: readCompletions,
  plain: completionOf,
  events,
  failure: failureOf,
}
