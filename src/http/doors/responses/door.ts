import type { Door } from '../../door.ts'
import { failureOf } from '../../failure.ts'
import { events } from './events.ts'
import { responseOf } from './reply.ts'
import { type ResponsesForm, readResponses } from './request.ts'

/** OpenAI's Responses API, as far as it needs no memory. */
export const responses: Door<ResponsesForm> = {
  path: '/responses',
  through: true,
  blocks: true,
  read: readResponses,
  plain: responseOf,
  events,
  failure: failureOf,
}
