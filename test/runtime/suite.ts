import { describe } from 'vitest'
import { catalogueTests } from './catalogue.ts'
import { chatTests } from './chat.ts'
import { completionsTests } from './completions.ts'
import { deadlineTests } from './deadlines.ts'
import { doorTests } from './doors.ts'
import { effortTests } from './effort.ts'
import { errorTests } from './errors.ts'
import { keyTests } from './keys.ts'
import { leavingTests } from './leaving.ts'
import { messagesTests } from './messages.ts'
import { optillmTests } from './optillm.ts'
import { type Start, stage } from './proxy.ts'
import { relayTests } from './relay.ts'
import { replicaTests } from './replicas.ts'
import { responsesTests } from './responses.ts'

// The AI SDK warns of what it leaves out of a request.
globalThis.AI_SDK_LOG_WARNINGS = false

/** What every runtime must do alike, through real sockets. */
export function suite(runtime: string, start: Start): void {
  describe(runtime, () => {
    const on = stage(start, { MULL_KEEPALIVE_MS: '100', MULL_MAX_BODY_MB: '0.5' })
    describe('catalogue', () => catalogueTests(on))
    describe('chat', () => chatTests(on))
    describe('completions', () => completionsTests(on))
    describe('deadlines', () => deadlineTests(on))
    describe('effort', () => effortTests(on))
    describe('errors', () => errorTests(on))
    describe('leaving', () => leavingTests(on))
    describe('messages', () => messagesTests(on))
    describe('optillm', () => optillmTests(on))
    describe('relay', () => relayTests(on))
    describe('responses', () => responsesTests(on))
  })
  describe(`${runtime}, replicas`, () => replicaTests(start))
  describe(`${runtime}, keys`, () => keyTests(start))
  describe(`${runtime}, doors`, () => doorTests(stage(start)))
}
