import { expect, test } from 'vitest'
import { ask, heard, post } from './serve.ts'

const fields = { seed: 21, max_tokens: 12, n: 2, logprobs: true, top_logprobs: 5 }

test('each token is listed with its likelihood and its best alternatives, best first', async () => {
  const { choices } = await ask(fields)
  for (const { message, logprobs } of choices) {
    const listed = logprobs!.content
    expect(listed.map(({ token }) => token).join('')).toBe(message.content)
    for (const { token, bytes, logprob, top_logprobs } of listed) {
      expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(token)
      expect(logprob).toBeLessThanOrEqual(0)
      const best = top_logprobs.map(({ logprob }) => logprob)
      expect(best).toHaveLength(5)
      expect(best).toEqual(best.toSorted((a, b) => b - a))
      expect(logprob).toBeLessThanOrEqual(best[0]!)
      const same = top_logprobs.find((other) => other.token === token)
      expect(same?.logprob ?? logprob).toBe(logprob)
    }
  }
})

test('they are logarithms of probabilities: of all tokens together 1', async () => {
  const { choices } = await ask({ ...fields, top_logprobs: 20, max_tokens: 6 })
  for (const { top_logprobs } of choices.flatMap(({ logprobs }) => logprobs!.content)) {
    const mass = top_logprobs.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)
    expect(mass).toBeGreaterThan(0.5)
    expect(mass).toBeLessThan(1)
  }
})

test('temperature changes what is chosen, not how likely the model holds it', async () => {
  const first = async (temperature: number) =>
    (await ask({ ...fields, n: 1, max_tokens: 1, temperature })).choices[0]!.logprobs!.content[0]!.top_logprobs
  expect(await first(2)).toEqual(await first(0.1))
})

test('without being asked for there is none; without alternatives they are an empty list', async () => {
  expect((await ask({ max_tokens: 2 })).choices[0]!.logprobs).toBeNull()
  const { choices } = await ask({ max_tokens: 2, logprobs: true, seed: 1 })
  for (const { top_logprobs } of choices[0]!.logprobs!.content) expect(top_logprobs).toEqual([])
})

test('a stream lists the same', async () => {
  const { choices } = await ask(fields)
  const events = await heard(await post({ ...fields, stream: true }))
  for (const { index, logprobs } of choices) {
    const streamed = events.flatMap((event) => event.choices).filter((choice) => choice.index === index)
    expect(streamed.flatMap((choice) => choice.logprobs?.content ?? [])).toEqual(logprobs!.content)
  }
})
