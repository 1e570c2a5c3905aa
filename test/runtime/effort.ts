import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { ask, inTurn, type Stage } from './proxy.ts'

/** Budgets, failures and nesting, seen from outside. */
export function effortTests(on: Stage): void {
  /** An upstream that takes no `n`, so that each sample is a call of its own. */
  const single = (answer: (sample: number) => { text: string } | { status: number; error: { message: string } }) => {
    let sample = 0
    on.upstream.reply(({ json }) =>
      (json?.n ?? 1) > 1 ? { status: 400, error: { message: 'n must be 1' } } : answer(sample++),
    )
  }

  test('one failing sample of sixteen changes nothing', async () => {
    single((sample) => (sample === 3 ? { status: 422, error: { message: 'no' } } : { text: '\\boxed{42}' }))
    const { choices, ...rest } = await on.client.chat.completions.create({ ...ask('solo+sc@16'), seed: 1 })
    expect(choices[0]!.message.content).toBe('\\boxed{42}')
    expect(rest).toMatchObject({ mull: { calls: 16, votes: [{ answer: '42' }] } })
  })

  test('sixteen failing ones give the upstream’s status and message', async () => {
    single(() => ({ status: 403, error: { message: 'This model is for paying customers' } }))
    const failing = on.client.chat.completions.create(ask('solo+sc@16'))
    await expect(failing).rejects.toMatchObject({ status: 403, message: expect.stringContaining('paying customers') })
  })

  test('a decided vote cancels the samples that still run', async () => {
    const never = gate()
    let sample = 0
    on.upstream.reply(({ json }) => {
      if ((json?.n ?? 1) > 1) return { status: 400, error: { message: 'n must be 1' } }
      return { text: '\\boxed{42}', ...(sample++ < 9 ? {} : { hold: never }) }
    })
    const { choices } = await on.client.chat.completions.create(ask('decided+sc@16'))
    expect(choices[0]!.message.content).toBe('\\boxed{42}')
    await on.upstream.until(({ inFlight }) => inFlight === 0)
  })

  test('a budget of calls answers with the best so far', async () => {
    on.upstream.reply(inTurn('\\boxed{42}'))
    const response = await on.post({ ...ask('r1+sc@16'), mull: { budget: { calls: 4 } } })
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: '\\boxed{42}' }, finish_reason: 'stop' }],
      mull: { calls: 4, budget_exhausted: 'calls' },
    })
  })

  test('a deadline answers with the best so far, and cancels the rest', async () => {
    const never = gate()
    let sample = 0
    on.upstream.reply(({ json }) => {
      if ((json?.n ?? 1) > 1) return { status: 400, error: { message: 'n must be 1' } }
      return { text: '\\boxed{42}', ...(sample++ < 2 ? {} : { hold: never }) }
    })
    const response = await on.post({ ...ask('late+sc@16'), mull: { budget: { ms: 1000 } } })
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: '\\boxed{42}' } }],
      mull: { budget_exhausted: 'ms' },
    })
    await on.upstream.until(({ inFlight }) => inFlight === 0)
  })

  test('a deadline with nothing to show is an error that says so', async () => {
    const never = gate()
    on.upstream.reply(() => ({ text: '', hold: never }))
    const response = await on.post({ ...ask('r1+sc@2'), mull: { budget: { ms: 50 } } })
    expect(response.status).toBe(429)
    expect(await response.json()).toMatchObject({ error: { code: 'budget_exhausted' } })
    await on.upstream.until(({ inFlight }) => inFlight === 0)
  })

  test.each([
    { recipe: 'self-consistency@2+best-of-n@3(scorer=agreement)', calls: 6 },
    { recipe: 'self-consistency@2&self-consistency@2', calls: 4 },
    { recipe: 'none+none', calls: 1 },
  ])('$recipe works, streamed and not, with the usage of every call', async ({ recipe, calls }) => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 }
    on.upstream.reply(() => ({ choices: [{ text: '\\boxed{42}' }], usage }))
    const asked = ask(`nested+${recipe}`)
    const plain = await on.client.chat.completions.create(asked)
    const streamed = await on.client.chat.completions
      .stream({ ...asked, stream_options: { include_usage: true } })
      .finalChatCompletion()
    for (const { choices, usage } of [plain, streamed]) {
      expect(choices[0]!.message.content).toBe('\\boxed{42}')
      expect(usage).toMatchObject({ completion_tokens: 3 * calls, total_tokens: 10 * calls })
    }
  })
}
