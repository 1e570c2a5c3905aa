import { tiny } from '../../../src/upstream/tiny.ts'
import { randomFile } from '../../helpers/tiny.ts'

const file = randomFile({ sharpness: 6 })

/** The model with random weights, sharp enough that its likeliest tokens recur. It babbles. */
export const babbler = tiny({ weights: async () => file })

export const question = [{ role: 'user', content: 'What is 3 + 4?' }]

export const post = (fields: object, signal?: AbortSignal, serve = babbler): Promise<Response> =>
  serve(
    new Request('http://tiny/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ messages: question, ...fields }),
      ...(signal ? { signal } : {}),
    }),
  )

type Likelihood = { token: string; logprob: number; bytes: number[] }
export type Listed = Likelihood & { top_logprobs: Likelihood[] }
export type Choice = {
  index: number
  message: { role: string; content: string }
  logprobs: { content: Listed[] } | null
  finish_reason: string
}
export type Whole = {
  choices: Choice[]
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
}

export const ask = async (fields: object): Promise<Whole> => {
  const response = await post(fields)
  if (response.status !== 200) throw new Error(await response.text())
  return (await response.json()) as Whole
}

export const contents = async (fields: object): Promise<string[]> =>
  (await ask(fields)).choices.map(({ message }) => message.content)

type Delta = {
  choices: {
    index: number
    delta: { role?: string; content?: string }
    logprobs: { content: Listed[] } | null
    finish_reason: string | null
  }[]
  usage?: Whole['usage'] | null
}

/** The events of a streamed reply, without the last, which is checked to be the mark of the end. */
export async function heard(response: Response): Promise<Delta[]> {
  const events = (await response.text()).trim().split('\n\n')
  if (events.pop() !== 'data: [DONE]') throw new Error('The stream has no end.')
  return events.map((event) => JSON.parse(event.replace(/^data: /, '')) as Delta)
}
