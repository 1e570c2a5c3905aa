import { say, strategy } from '#core'
import { wordsOf } from './parts/question.ts'

export const reRead = strategy(
  're-read',
  {
    does: 'The question is asked twice in one prompt, so that its beginning is read with its end in mind.',
    source: 'Xu et al., 2023',
    aliases: ['re2'],
    calls: '1',
    depth: '1',
  },
  {},
  (run) => {
    const question = wordsOf(run.prompt).trim()
    return run.answer(question ? say(run.prompt, 'user', `Read the question again:\n${question}`) : run.prompt)
  },
)
