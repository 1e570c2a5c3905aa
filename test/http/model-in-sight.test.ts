import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelInSight } from '../../src/http/model-in-sight.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const seen = (text: string) => modelInSight(bytes(text))?.model

test.each([
  ['{"model":"r1","messages":[]}', 'r1'],
  ['{ "messages": [{"model": "no"}, "\\"model\\":\\"no\\""], "model" : "größe/r1:70b" }', 'größe/r1:70b'],
  ['{"a":"model","model":"r\\u0031"}', 'r1'],
  ['{"a":"\\\\","model":"r1"}', 'r1'],
  ['{"metadata":{"model":"no"}}', undefined],
  ['{"model":"a","model":"b"}', undefined],
  ['{"model":5}', undefined],
  ['{"model":"unended', undefined],
  ['{"model"', undefined],
  ['{"mode":"r1"}', undefined],
])('%s names %j', (text, model) => {
  expect(seen(text)).toBe(model)
})

test('whatever else is in a body, its model is seen, and another can be put in its place', () => {
  const others = fc.dictionary(
    fc.string().filter((key) => key !== 'model'),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(others, fc.string(), fc.string(), others, (before, model, other, after) => {
      const text = JSON.stringify({ ...before, model, ...after })
      const found = modelInSight(bytes(text))!
      expect(found.model).toBe(model)
      expect(found.bodyFor(model)).toEqual(bytes(text))
      expect(JSON.parse(new TextDecoder().decode(found.bodyFor(other)))).toEqual({ ...JSON.parse(text), model: other })
    }),
  )
})
