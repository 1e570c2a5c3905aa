export type { Usage } from '../../../src/core/model.ts'
export type { Outcome, SpanKind } from '../../../src/core/scope.ts'
export type { Votes } from '../../../src/core/tally.ts'
export type { Happened, Recorded, Summary } from '../../../src/http/traces/shape.ts'
