import { describe, expect, test } from 'vitest'
import { execute, type Prompt } from '#core'
import { roundTrip } from '../../strategies/round-trip.ts'
import { combining, context, costOf, framesOf, isReal, shaped, toolCall, wordsOf } from '../helpers/combining.ts'
import { type Call, gate, heard, type Line, scripted } from '../helpers/scripted.ts'

type Trip = {
  readonly answer?: Line
  readonly description?: Line
  readonly other?: Line
  /** 1 where the judge prefers the first answer, 0 where the other. */
  readonly judged?: string
  readonly merged?: Line | ((call: Call) => Promise<Line>)
}

const request = 'Multiply 6 by 7.'
const trip =
  ({ answer = '41', description = request, other = '42', judged = '0', merged = 'So 42.' }: Trip = {}) =>
  (call: Call): Line | Promise<Line> => {
    const words = wordsOf(call)
    if (words.startsWith('Compare: ')) return judged
    if (words.includes('Write the request that it fulfils')) return description
    if (words === description) return other
    if (!words.includes('<candidate>')) return answer
    return typeof merged === 'function' ? merged(call) : merged
  }

const travel = async (stops: Trip = {}, prompt: Prompt = shaped) => {
  const upstream = scripted(trip(stops))
  return { upstream, ...(await heard(execute(roundTrip()(upstream.model), prompt, context))) }
}

combining(roundTrip(), trip(), { calls: 5, essential: [0, 3, 4] })

test('it costs what it says', async () => {
  const cost = await costOf(roundTrip, {}, trip())
  expect(cost).toEqual({ spent: { calls: 5, depth: 5 }, stated: { calls: 5, depth: 5 } })
})

test('an answer that survives the round trip is kept, and no judge is asked', async () => {
  const { upstream, completion } = await travel({ answer: 'It is 42.', other: '42.0' })
  expect(completion.text).toBe('It is 42.')
  expect(upstream.calls).toHaveLength(3)
})

test('one that does not is answered again, if the judge prefers the other', async () => {
  const { upstream, completion, notes } = await travel()
  expect(completion.text).toBe('So 42.')
  expect(framesOf('candidate', upstream.calls.at(-1)!)).toEqual(['42', '41'])
  expect(notes.at(-1)).toBe('The answer and the answer to its description differ, so they are compared.')
})

describe('the first answer is kept', () => {
  test.each<[string, Trip, number]>([
    ['where the judge prefers it', { judged: '1' }, 4],
    ['where the judge has no preference', { judged: '0.5' }, 4],
    ['where what the judge says cannot be read', { judged: 'Who knows?' }, 4],
    ['where the description is empty', { description: ' ' }, 2],
    ['where the description is answered with a tool call', { other: toolCall('a', '{}') }, 3],
  ])('%s', async (_, stops, calls) => {
    const { upstream, completion } = await travel(stops)
    expect(completion.text).toBe('41')
    expect(upstream.calls).toHaveLength(calls)
  })
})

test('an answer that calls tools is passed on', async () => {
  const { upstream, completion } = await travel({ answer: toolCall('a', '{"city":"Rome"}') })
  expect(completion).toMatchObject({ toolCalls: [{ id: 'a' }], finish: 'tool_calls' })
  expect(upstream.calls).toHaveLength(1)
})

test('whoever describes sees the answer alone, and whoever answers again the description and the instructions alone', async () => {
  const system = { role: 'system', content: 'Be brief.' }
  const { upstream } = await travel({}, { ...shaped, messages: [system, ...shaped.messages] })
  const [, describing, answering] = upstream.calls.map(({ prompt }) => prompt)
  expect(describing!.messages).toHaveLength(1)
  expect(framesOf('answer', { prompt: describing! })).toEqual(['41'])
  expect(JSON.stringify(describing)).not.toContain('6 times 7')
  expect(answering).toEqual({ ...shaped, messages: [system, { role: 'user', content: request }] })
})

test('the question is never rewritten', async () => {
  const { upstream } = await travel()
  expect(upstream.calls.filter(isReal).map(({ prompt }) => prompt.messages.length)).toEqual([1, 1])
})

test('the second answer streams as it is said', async () => {
  const more = gate()
  const merged = async ({ speak }: Call) => {
    speak('So ')
    await more.promise
    return 'So 42.'
  }
  const upstream = scripted(trip({ merged }))
  const tail: string[] = []
  for await (const event of execute(roundTrip()(upstream.model), shaped, context).events) {
    if (event.type !== 'text-delta' || !event.tail) continue
    tail.push(event.text)
    more.open()
  }
  expect(tail).toEqual(['So ', '42.'])
})
