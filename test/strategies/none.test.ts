import { expect, test } from 'vitest'
import { execute } from '#core'
import { none } from '../../strategies/none.ts'
import { context, heard, question, scripted } from '../helpers/scripted.ts'

test('one call with the question as it is, answered as it comes', async () => {
  const asked = question('?', { temperature: 0, rest: { top_p: 0.5 } })
  const upstream = scripted([{ text: '4', thinking: 'Two and two.', finish: 'length' }])
  const { completion, said } = await heard(execute(none()(upstream.model), asked, context))
  expect(completion).toEqual({ text: '4', thinking: 'Two and two.', finish: 'length' })
  expect(said).toEqual({ text: '4', thinking: 'Two and two.' })
  expect(upstream.calls.map(({ prompt }) => prompt)).toEqual([asked])
})

test('what fails upstream fails the same', async () => {
  const error = new Error('Gone.')
  const upstream = scripted(() => Promise.reject(error))
  await expect(execute(none()(upstream.model), question('?'), context).result).rejects.toBe(error)
})
