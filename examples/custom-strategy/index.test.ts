import { execute } from 'mull/core'
import { context, question, scripted } from 'mull/testing'
import { expect, test } from 'vitest'
import { secondOpinion } from './index.ts'

const ask = (upstream: ReturnType<typeof scripted>) =>
  execute(secondOpinion()(upstream.model), question('What is 6 times 7?'), context).result

test('answers that agree are enough', async () => {
  const upstream = scripted(['It is 42.', 'The answer is 42.'])
  expect(await ask(upstream)).toMatchObject({ text: 'It is 42.' })
  expect(upstream.calls).toHaveLength(2)
})

test('answers that differ are settled by a third, which has read them', async () => {
  const upstream = scripted(({ prompt, draw }) =>
    JSON.stringify(prompt.messages).includes('<draft>') ? 'It is 42.' : ['It is 41.', 'It is 42.'][draw]!,
  )
  expect(await ask(upstream)).toMatchObject({ text: 'It is 42.' })
  expect(upstream.asked.at(-1)).toContain('It is 41.')
})
