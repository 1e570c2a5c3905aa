import { expect, test } from 'vitest'
import { execute, type Partial, strategy, type TokenLogprob } from '#core'
import { about, context } from '../helpers/scripted.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { chunk, draw, modelAt, question, sse } from './leaf.ts'

const token = (text: string, logprob = -0.1): TokenLogprob => ({ token: text, logprob, top_logprobs: [] })

/** A chunk as vLLM sends it, with the likelihood of what it says. */
const likely = (delta: object, logprobs: object) => ({ choices: [{ index: 0, delta, logprobs, finish_reason: null }] })
const says = (content: string, logprob: number) => likely({ content }, { content: [token(content, logprob)] })

/** What a cut hears of each sample, in order; it ends those that `ends` says. */
function listening(url: string, n: number, ends: (sample: Partial) => boolean = () => false) {
  const heard: (readonly [number, string, string])[] = []
  const cut = (sample: Partial) => {
    const { index, logprobs, thinking, text } = sample
    heard.push([index, logprobs.map(({ token }) => token).join(), thinking + text])
    return ends(sample)
  }
  const watching = strategy('watching', about, {}, async (run) => {
    const samples = await run.samples(n, { cut }).all()
    return { text: samples.map(({ text }) => text).join('|'), finish: 'stop' }
  })
  const { result } = execute(watching()(modelAt(url)), question, context)
  return { heard, result }
}

test('likelihoods are heard before the words that they are of', async () => {
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(says('one', -1), says(' two', -2), chunk({}, 'stop'), '[DONE]') },
  }))
  const { heard, result } = listening(upstream.url, 1)
  await result
  expect(heard).toEqual([
    [0, 'one', ''],
    [0, '', 'one'],
    [0, ' two', 'one'],
    [0, '', 'one two'],
  ])
})

test.each([
  { form: 'in the same list', logprobs: { content: [token('hm')] } },
  { form: 'in a list of their own', logprobs: { reasoning_content: [token('hm')], content: null } },
])('those of the thinking are heard, too, $form', async ({ logprobs }) => {
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(likely({ reasoning_content: 'hm' }, logprobs), says('4', -1), chunk({}, 'stop'), '[DONE]') },
  }))
  const { heard, result } = listening(upstream.url, 1)
  await result
  expect(heard.map(([, tokens]) => tokens).filter(Boolean)).toEqual(['hm', '4'])
})

test('of an upstream that sends none, only words are heard', async () => {
  await using upstream = await startUpstream(() => ({ text: 'plain' }))
  const { heard, result } = listening(upstream.url, 1)
  await result
  expect(heard).toEqual([[0, '', 'plain']])
})

test('the likelihoods are still part of the completion', async () => {
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(says('one', -1), says(' two', -2), chunk({}, 'stop'), '[DONE]') },
  }))
  const { completions } = await draw(modelAt(upstream.url), question)
  expect(completions[0]!.choiceExtra).toEqual({ logprobs: { content: [token('one', -1), token(' two', -2)] } })
})

test('a sample that is cut for its likelihoods ends its request, since it has one of its own, and the others go on', async () => {
  const more = gate()
  const answers = [[says('sure', -0.1), says('ly', -0.1)], [says('doubt', -9), says('ful', -9)], [says('fair', -0.2)]]
  await using upstream = await startUpstream((_, index) => ({
    raw: { chunks: sse(...answers[index]!, chunk({}, 'stop'), '[DONE]') },
    holdAfter: { chunks: 1, gate: more },
  }))
  const doubtful = ({ logprobs }: Partial) => logprobs.some(({ logprob }) => logprob < -5)
  const { heard, result } = listening(upstream.url, 3, doubtful)
  await upstream.until(({ left, inFlight }) => left === 1 && inFlight === 2)
  more.open()
  expect((await result).text).toMatch(/^(surely\|fair|fair\|surely)$/)
  expect(heard.filter(([, tokens, said]) => `${tokens}${said}`.includes('doubt'))).toHaveLength(1)
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual([undefined, undefined, undefined])
})

test('where all are cut nothing is left running', async () => {
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(says('doubt', -9), chunk({}, 'stop'), '[DONE]') },
    holdAfter: { chunks: 1, gate: gate() },
  }))
  const { result } = listening(upstream.url, 2, () => true)
  expect((await result).text).toBe('')
  await upstream.until(({ left, inFlight }) => left === 2 && inFlight === 0)
})
