import { expect, test } from 'vitest'
import { deadlineOf } from '../../src/http/deadline.ts'
import type { MullExtension } from '../../src/http/request.ts'

const arrived = Date.UTC(2026, 10, 26, 12)
const read = (
  headers: Record<string, string>,
  extension: MullExtension = {},
  { stream = false, ...configured }: { stream?: boolean; deadlineMs?: number; quorum?: number } = {},
) => deadlineOf(new Headers(headers), extension, configured, { arrived, stream })

test.each<[string | number, number]>([
  [1500, 1500],
  ['1500', 1500],
  ['1500ms', 1500],
  ['2.5s', 2500],
  [' 2 m ', 120_000],
  ['1h', 3_600_000],
  ['2026-11-26T12:00:10Z', 10_000],
  ['2026-11-26T13:00:10+01:00', 10_000],
  ['2026-11-26T11:59:59Z', -1000],
])('%j is so many milliseconds, in the body and in the header: %d', (given, ms) => {
  expect(read({}, { deadline: given })).toEqual({ ms, since: arrived })
  expect(read({ 'x-mull-deadline': String(given) })).toEqual({ ms, since: arrived })
})

test.each(['', 'soon', '0', '-5', '5 days', '10:30', 'NaN', '1e9999'])('%j is no time', (given) => {
  expect(() => read({}, { deadline: given })).toThrow(/^mull\.deadline is .* is no time: give milliseconds/)
  expect(() => read({ 'x-mull-deadline': given })).toThrow(/^x-mull-deadline is /)
})

test('the first of several holds, and the operator’s own where none is given', () => {
  expect(read({ 'x-mull-deadline': '3s' }, { deadline: '2s' })?.ms).toBe(2000)
  expect(read({ 'x-mull-deadline': '3s' }, {}, { deadlineMs: 1000 })?.ms).toBe(3000)
  expect(read({}, {}, { deadlineMs: 1000 })?.ms).toBe(1000)
  expect(read({})).toBeUndefined()
})

test('a client’s own patience counts where the whole answer comes at once', () => {
  expect(read({ 'x-stainless-timeout': '60' }, {}, { deadlineMs: 90_000 })?.ms).toBe(60_000)
  expect(read({ 'x-stainless-read-timeout': '30.0' })?.ms).toBe(30_000)
  expect(read({ 'x-stainless-timeout': '60' }, {}, { stream: true })).toBeUndefined()
  for (const nothing of ['0', '', 'None', '-1']) expect(read({ 'x-stainless-timeout': nothing })).toBeUndefined()
})

test('a request’s quorum holds before the operator’s', () => {
  expect(read({}, { deadline: 1000, quorum: 0.5 }, { quorum: 3 })).toMatchObject({ quorum: 0.5 })
  expect(read({}, { deadline: 1000 }, { quorum: 3 })).toMatchObject({ quorum: 3 })
})
