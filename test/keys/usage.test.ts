import { describe, expect, test } from 'vitest'
import { anyUsage } from '../../src/upstream/any-usage.ts'
import { PassingEvents, PassingWhole, type Seen } from '../../src/upstream/passing.ts'

describe('what a reply says of its price is read in the words of any door:', () => {
  test.each([
    ['chat completions', { usage: { prompt_tokens: 3, completion_tokens: 4 } }, { input: 3, output: 4 }],
    [
      'what was cached and thought',
      {
        usage: {
          prompt_tokens: 9,
          completion_tokens: 8,
          prompt_tokens_details: { cached_tokens: 7 },
          completion_tokens_details: { reasoning_tokens: 6 },
        },
      },
      { input: 9, output: 8, cached: 7, reasoning: 6 },
    ],
    ['embeddings', { usage: { prompt_tokens: 3, total_tokens: 3 } }, { input: 3, output: 0 }],
    [
      'responses',
      {
        usage: {
          input_tokens: 3,
          output_tokens: 4,
          input_tokens_details: { cached_tokens: 1 },
          output_tokens_details: { reasoning_tokens: 2 },
        },
      },
      { input: 3, output: 4, cached: 1, reasoning: 2 },
    ],
    ['a finished response', { response: { usage: { input_tokens: 3, output_tokens: 4 } } }, { input: 3, output: 4 }],
    [
      'messages, which count the cached input apart',
      { message: { usage: { input_tokens: 3, cache_read_input_tokens: 5, cache_creation_input_tokens: 2 } } },
      { input: 10, output: 0, cached: 5 },
    ],
  ])('%s', (_, said, usage) => expect(anyUsage(said)).toEqual(usage))

  test.each([{}, null, 'usage', [], { usage: null }, { usage: 'many' }, { response: 1 }])('%j says nothing', (said) => {
    expect(anyUsage(said)).toBeUndefined()
  })

  test.each([-1, Infinity, Number.NaN, '5', null])('%s is no count', (count) => {
    expect(anyUsage({ usage: { prompt_tokens: count, completion_tokens: count, cost: count } })).toEqual({
      input: 0,
      output: 0,
    })
  })
})

const bytes = (text: string) => new TextEncoder().encode(text)
const said = (passing: PassingEvents | PassingWhole, chunks: readonly string[]) => {
  const decoder = new TextDecoder()
  return [...chunks.map((chunk) => passing.push(bytes(chunk))), passing.flush()]
    .map((part) => decoder.decode(part, { stream: true }))
    .join('')
}
const nothing = (): Seen => ({ usage: undefined, tokens: 0 })

describe('a stream seen in passing', () => {
  const words = ['data: {"choices":[{"delta":{"content":"a \\"usage\\": {}"}}],"usage":null}\n\n', ': a comment\n\n']
  const last = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
  const whole = [...words, last, 'data: [DONE]\n\n'].join('')
  const pieces = (size: number) => whole.match(new RegExp(`[^]{1,${size}}`, 'g'))!

  test.each([1, 2, 3, 7, 50, 1000])(
    'in pieces of %d is read, and goes on without the event that was not asked for',
    (size) => {
      const seen = nothing()
      expect(said(new PassingEvents(seen, true), pieces(size))).toBe(whole.replace(last, ''))
      expect(seen.usage).toEqual({ input: 3, output: 4 })
    },
  )

  test.each([1, 7, 1000])('in pieces of %d goes on as it is where it was asked for', (size) => {
    const seen = nothing()
    const passing = new PassingEvents(seen, false)
    for (const piece of pieces(size)) {
      const chunk = bytes(piece)
      expect(passing.push(chunk)).toBe(chunk)
    }
    expect(seen).toEqual({ usage: { input: 3, output: 4 }, tokens: expect.any(Number) })
  })

  test('that has its usage with the last words goes on with both', () => {
    const both = 'data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}\r\n\r\n'
    const seen = nothing()
    expect(said(new PassingEvents(seen, true), [both])).toBe(both)
    expect(seen.usage).toEqual({ input: 3, output: 4 })
  })

  test('of Anthropic’s tells the input first and the output last', () => {
    const seen = nothing()
    const start = 'event: message_start\ndata: {"message":{"usage":{"input_tokens":9,"output_tokens":1}}}\n\n'
    const end = 'event: message_delta\ndata: {"usage":{"output_tokens":5}}\n\n'
    expect(said(new PassingEvents(seen, true), [start, end])).toBe(start + end)
    expect(seen.usage).toEqual({ input: 9, output: 5 })
  })

  test('that is none goes on as it came, and so does its last piece', () => {
    const seen = nothing()
    const text = `data: {"usage": ${'x'.repeat(40_000_000)}`
    expect(said(new PassingEvents(seen, true), [text, 'end'])).toBe(`${text}end`)
    expect(seen.usage).toBeUndefined()
  })

  test('tells about as many tokens as it has events', () => {
    const seen = nothing()
    said(
      new PassingEvents(seen, false),
      Array.from({ length: 40 }, () => 'data: {"choices":[{}]}\n\n'),
    )
    expect(seen.tokens).toBe(40)
  })
})

describe('a whole reply seen in passing', () => {
  test('is read at its end', () => {
    const seen = nothing()
    said(new PassingWhole(seen), ['{"usage":{"prompt_tok', 'ens":3,"completion_tokens":4},"id":1}'])
    expect(seen.usage).toEqual({ input: 3, output: 4 })
  })
})
