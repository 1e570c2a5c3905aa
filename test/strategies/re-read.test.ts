import { expect, test } from 'vitest'
import { execute, type Message } from '#core'
import { reRead } from '../../strategies/re-read.ts'
import { context, heard, question, scripted } from '../helpers/scripted.ts'

const ask = async (messages: readonly Message[]) => {
  const upstream = scripted([{ text: '42', thinking: 'Hm.' }])
  const { completion, said } = await heard(
    execute(reRead()(upstream.model), { ...question(''), messages, seed: 1 }, context),
  )
  expect(completion).toEqual({ text: '42', thinking: 'Hm.', finish: 'stop' })
  expect(said).toEqual({ text: '42', thinking: 'Hm.' })
  expect(upstream.calls).toHaveLength(1)
  expect(upstream.calls[0]?.prompt.seed).toBe(1)
  return upstream.calls[0]!.prompt.messages
}

const picture = { type: 'image_url', image_url: { url: 'data:' } }
const again = 'Read the question again:\nHow many?'

test.each<[string, Message[], unknown[]]>([
  [
    'is asked twice in one turn, after what was said before',
    [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'How many?' },
    ],
    [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: `How many?\n\n${again}` },
    ],
  ],
  [
    'with a picture has the picture once',
    [{ role: 'user', content: [picture, { type: 'text', text: 'How many?' }] }],
    [{ role: 'user', content: [picture, { type: 'text', text: 'How many?' }, { type: 'text', text: again }] }],
  ],
])('a question %s', async (_, messages, sent) => {
  expect(await ask(messages)).toEqual(sent)
})

test.each<[string, Message]>([
  ['a tool’s result', { role: 'tool', tool_call_id: '1', content: '42' }],
  ['an empty turn', { role: 'user', content: ' ' }],
  ['a picture without words', { role: 'user', content: [picture] }],
])('%s is no question to read again', async (_, message) => {
  expect(await ask([message])).toEqual([message])
})
