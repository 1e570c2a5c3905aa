import type { Door } from '../../door.ts'
import { failureOf } from '../../failure.ts'
import { reported, usageOf } from '../../report.ts'
import { answersOf } from '../answers.ts'
import { choiceOf } from './choices.ts'
import { events } from './events.ts'
import { type ChatForm, readChat } from './request.ts'

/** OpenAI's chat completions, which is what the upstream speaks. */
export const chat: Door<ChatForm> = {
  path: '/chat/completions',
  through: false,
  blocks: false,
  read: readChat,
  plain: (telling, { completion, thinking }) => ({
    id: `chatcmpl-${telling.id}`,
    object: 'chat.completion',
    created: telling.created,
    model: telling.model,
    choices: answersOf(completion, telling.n).map((answer, index) =>
      choiceOf(index, answer, index === 0 ? thinking : (answer.thinking ?? ''), telling.think),
    ),
    usage: usageOf(telling.speech),
    ...reported(telling, completion),
  }),
  events,
  failure: failureOf,
}
