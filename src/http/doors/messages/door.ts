import type { Door } from '../../door.ts'
import { events } from './events.ts'
import { failureOf, messageOf } from './reply.ts'
import { readMessages } from './request.ts'

/** Anthropic's Messages API. */
export const messages: Door<undefined> = {
  path: '/messages',
  through: true,
  blocks: true,
  read: readMessages,
  plain: messageOf,
  events,
  failure: failureOf,
}
