import { framed, inWords, type Prompt, say, strategy } from '#core'

export const stepBack = strategy(
  'step-back',
  {
    does: 'Asks for the general principle behind the question first, and then answers with it.',
    source: 'Zheng et al., 2023',
    aliases: ['stepback'],
    calls: '2',
    depth: '2',
  },
  {},
  async (run) => {
    const principle = await run.optional(run.sample(abstract(run.prompt)))
    const text = principle?.text.trim()
    return run.answer(text ? say(run.prompt, 'user', `${framed('principles', text)}\n\n${apply}`) : run.prompt)
  },
)

const abstract = (prompt: Prompt): Prompt => ({ ...say(inWords(prompt), 'user', back), maxTokens: 4096 })

const back = `Do not answer yet. Step back: of which more general question is this a case, and which principles, laws, \
definitions or facts decide such questions? State them in a few sentences, without applying them.`
const apply = `The principles between the tags may help, but check that they hold here. Now answer the task above with them.`
