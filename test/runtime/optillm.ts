import { expect, test } from 'vitest'
import { ask, inTurn, type Stage } from './proxy.ts'

/** A client of OptiLLM's gets what it asks for in OptiLLM's words. */
export function optillmTests(on: Stage): void {
  test('optillm_approach is a recipe, and never goes upstream', async () => {
    on.upstream.reply(inTurn('\\boxed{41}', '\\boxed{42}', '\\boxed{42}'))
    const response = await on.post({ ...ask('r1'), optillm_approach: 'majority_voting', k: 3, top_p: 0.9 })
    expect(await response.json()).toMatchObject({
      model: 'r1',
      choices: [{ message: { content: '\\boxed{42}' } }],
      mull: { recipe: 'r1+self-consistency(n=3)', calls: 3 },
    })
    const sent = on.upstream.asked.map(({ json }) => json)
    expect(sent[0]).toMatchObject({ model: 'r1', top_p: 0.9 })
    for (const body of sent)
      for (const field of ['optillm_approach', 'k', 'mull']) expect(body).not.toHaveProperty(field)
  })

  test('none is a relay without that field', async () => {
    const response = await on.post({ ...ask('r1'), optillm_approach: 'none', best_of_n: 3, vendor_field: 1 })
    expect(await response.json()).not.toHaveProperty('mull')
    expect(on.upstream.asked.at(-1)?.json).toEqual({ ...ask('r1'), vendor_field: 1 })
  })

  test.each([
    ['z3', 'optillm_approach', /best-of-n\(scorer=verify\)/],
    ['boon', 'optillm_approach', /Did you mean "bon"/],
  ])('%s is a 400 that names what there is instead', async (optillm_approach, param, message) => {
    const response = await on.post({ ...ask('r1'), optillm_approach })
    expect(response.status).toBe(400)
    const { error } = (await response.json()) as { error: unknown }
    expect(error).toMatchObject({ type: 'invalid_request_error', param, message: expect.stringMatching(message) })
    expect(on.upstream.asked).toHaveLength(0)
  })

  test('a name that begins like an approach is a model’s own', async () => {
    await on.post(ask('bon-gpt-4o'))
    expect(on.upstream.asked.at(-1)?.json).toEqual(ask('bon-gpt-4o'))
  })

  test('a frame for thoughts that was asked for comes out as thinking, streamed and not', async () => {
    on.upstream.reply(inTurn('<think>\nSix sevens.\n</think>\n\nIt is 42.'))
    const { choices } = await on.client.chat.completions.create(ask('plain+cot'))
    expect(choices[0]!.message).toMatchObject({
      content: 'It is 42.',
      reasoning_content: expect.stringContaining('Six sevens.'),
    })
    let content = ''
    for await (const chunk of await on.client.chat.completions.create({ ...ask('plain+cot'), stream: true }))
      content += chunk.choices[0]?.delta.content ?? ''
    expect(content).toBe('It is 42.')
    expect(JSON.stringify(on.upstream.asked.at(-1)?.json?.messages)).toContain('between <think> and </think>')
  })
}
