import { createOpenAI } from '@ai-sdk/openai'
import { OpenAI as LangChainOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { inTurn, type Stage } from './proxy.ts'

const asks = (model: string, prompt: string | string[] = 'How much is 6 times 7?') => ({ model, prompt })

/** Clients of OpenAI's legacy completions get from a recipe, and from any model, what they would get from OpenAI. */
export function completionsTests(on: Stage): void {
  const post = (body: object) => on.post(body, {}, undefined, '/completions')
  const last = () => on.upstream.asked.at(-1)!.json!
  /** One answer for each question, by what is asked. */
  const bySubject = () =>
    on.upstream.reply(({ json }) => {
      const text = json?.messages?.at(-1)?.content === 'Six sevens?' ? '\\boxed{42}' : '\\boxed{9}'
      return { choices: Array.from({ length: json?.n ?? 1 }, () => ({ text })) }
    })

  test('a recipe’s answer is a text completion, with the usage of all samples', async () => {
    on.upstream.reply(inTurn('A \\boxed{41}', 'B \\boxed{42}', 'C \\boxed{42}'))
    const { data, response } = await on.client.completions
      .create({ ...asks('davinci+sc@3'), max_tokens: 77, stop: ['END'] })
      .withResponse()
    expect(data).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      model: 'davinci+sc@3',
      choices: [{ index: 0, text: 'B \\boxed{42}', logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 15, total_tokens: 25 },
      mull: { recipe: 'davinci+self-consistency@3', calls: 3, agreement: 2 / 3 },
    })
    expect(response.headers.get('x-mull-recipe')).toBe('davinci+self-consistency@3')
    expect(last()).toMatchObject({ messages: [{ role: 'user', content: 'How much is 6 times 7?' }], max_tokens: 77 })
    expect(last()).not.toHaveProperty('prompt')
  })

  test('the streamed pieces put together are the plain text; thinking is no part of it', async () => {
    on.upstream.reply(inTurn({ text: 'It is 42.', thinking: 'six sevens' }))
    const asked = { ...asks('r1+none'), stream: true as const }
    const chunks = await Array.fromAsync(
      await on.client.completions.create({ ...asked, stream_options: { include_usage: true } }),
    )
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('It is 42.')
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } })
    const text = await (await post(asked)).text()
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true)
    expect(text).not.toMatch(/"usage"|"choices":\[\]|six sevens/)
  })

  test('n asks for the n best distinct answers, best first', async () => {
    on.upstream.reply(inTurn('\\boxed{41}', '\\boxed{42}', '\\boxed{42}', '\\boxed{40}'))
    const { choices } = await on.client.completions.create({ ...asks('curie+sc@4'), n: 2 })
    expect(choices.map(({ index, text }) => [index, text])).toEqual([
      [0, '\\boxed{42}'],
      [1, '\\boxed{41}'],
    ])
  })

  test('each prompt of a list has its answer, streamed and not, with one usage and no vote over all', async () => {
    bySubject()
    const asked = asks('babbage+sc@2', ['Six sevens?', 'Three threes?', 'Six sevens?'])
    const plain = await on.client.completions.create(asked)
    expect(plain.choices.map(({ index, text }) => [index, text])).toEqual([
      [0, '\\boxed{42}'],
      [1, '\\boxed{9}'],
      [2, '\\boxed{42}'],
    ])
    expect(plain).toMatchObject({ usage: { completion_tokens: 30 }, mull: { calls: 6 } })
    expect(plain).not.toHaveProperty('mull.votes')
    const texts = ['', '', '']
    const ends: (string | null)[] = []
    for await (const { choices } of await on.client.completions.create({ ...asked, stream: true }))
      for (const { index, text, finish_reason } of choices) {
        texts[index] += text
        if (finish_reason) ends[index] = finish_reason
      }
    expect(texts).toEqual(['\\boxed{42}', '\\boxed{9}', '\\boxed{42}'])
    expect(ends).toEqual(['stop', 'stop', 'stop'])
  })

  test('the places of a prompt’s further answers are kept, whatever another prompt has', async () => {
    on.upstream.reply(({ json }) => {
      const answers = json?.messages?.at(-1)?.content === 'Six sevens?' ? ['\\boxed{42}'] : ['\\boxed{9}', '\\boxed{8}']
      return { choices: Array.from({ length: json?.n ?? 1 }, (_, at) => ({ text: answers[at % answers.length]! })) }
    })
    const { choices } = await on.client.completions.create({
      ...asks('ada+sc@3', ['Six sevens?', 'Three threes?']),
      n: 2,
    })
    expect(choices.map(({ index, text }) => [index, text])).toEqual([
      [0, '\\boxed{42}'],
      [2, '\\boxed{9}'],
      [3, '\\boxed{8}'],
    ])
  })

  test('a budget is that of all prompts together', async () => {
    bySubject()
    const response = await post({
      ...asks('r1+none', ['Six sevens?', 'Three threes?']),
      mull: { budget: { calls: 1 } },
    })
    expect(response.status).toBe(429)
    expect(await response.json()).toMatchObject({ error: { code: 'budget_exhausted' } })
  })

  test('thinking comes between tags where that is asked for', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    const asked = { ...asks('r1+none'), mull: { think: 'tags' } }
    const plain = (await (await post(asked)).json()) as OpenAI.Completion
    expect(plain.choices[0]!.text).toMatch(/^<think>\n[\s\S]*six sevens\n<\/think>\n\n42$/)
    const streamed = await on.client.completions.create({ ...asked, stream: true })
    let text = ''
    for await (const { choices } of streamed) text += choices[0]!.text
    expect(text).toBe(plain.choices[0]!.text)
  })

  const mistakes: [string, object, string, RegExp][] = [
    ['echo', { ...asks('r1+sc@2'), echo: true }, 'echo', /repeat/],
    ['a suffix', { ...asks('r1+sc@2'), suffix: 'end' }, 'suffix', /after/],
    ['log-probabilities', { ...asks('r1+sc@2'), logprobs: 3 }, 'logprobs', /chat\/completions/],
    ['best_of', { ...asks('r1+sc@2'), best_of: 4 }, 'best_of', /best-of-n@4/],
    ['tokens', { model: 'r1+sc@2', prompt: [1, 2, 3] }, 'prompt', /in words/],
    ['no prompt', { model: 'r1+sc@2' }, 'prompt', /missing/],
  ]

  test.each(mistakes)('%s is a 400 that says what is wrong', async (_, body, param, message) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param, message: expect.stringMatching(message) } })
  })

  test('an upstream that breaks off in mid-stream is an error event, and never [DONE]', async () => {
    const cut = { raw: { chunks: ['data: {"choices":[{"index":0,"delta":{"content":"The ans"}}]}\n\n'], cut: true } }
    on.upstream.reply(() => cut)
    const stream = await on.client.completions.create({ ...asks('cut+none'), stream: true })
    await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(OpenAI.APIError)
    const text = await (await post({ ...asks('cut+none'), stream: true })).text()
    expect(text).toContain('"upstream_cut"')
    expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/)
  })

  test('the AI SDK and LangChain read it, streamed and not', async () => {
    on.upstream.reply(inTurn('42'))
    const model = createOpenAI({ baseURL: `${on.url}/v1`, apiKey: 'sk-client' }).completion('r1+sc@2')
    const asked = { model, prompt: 'How much?', maxRetries: 0 }
    expect((await generateText(asked)).text).toBe('42')
    expect(await streamText(asked).text).toBe('42')
    const chain = new LangChainOpenAI({
      model: 'r1+sc@2',
      apiKey: 'sk-client',
      maxRetries: 0,
      configuration: { baseURL: `${on.url}/v1` },
    })
    expect(await chain.invoke('How much?')).toBe('42')
    expect((await Array.fromAsync(await chain.stream('How much?'))).join('')).toBe('42')
  })
}
