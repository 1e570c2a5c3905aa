import { expect, test } from 'vitest'
import { scorers } from '../../src/scorers/index.ts'
import * as strategies from '../../strategies/index.ts'
import type { AskedJson } from '../helpers/upstream.ts'
import { ask, type Stage } from './proxy.ts'

type Entry = { id: string; object: string; aliases?: string[]; options: { properties: object }; leading?: string }

/** What can be asked for, and what the upstream can do. */
export function catalogueTests(on: Stage): void {
  test('every strategy and every scorer is listed, with its options', async () => {
    const response = await fetch(`${on.url}/v1/strategies`)
    expect(response.status).toBe(200)
    const { object, data } = (await response.json()) as { object: string; data: Entry[] }
    const ids = (kind: string) => data.filter(({ object }) => object === kind).map(({ id }) => id)
    expect(object).toBe('list')
    expect(ids('strategy')).toEqual(
      Object.values(strategies)
        .map(({ id }) => id)
        .toSorted(),
    )
    expect(ids('scorer')).toEqual(scorers.map(({ id }) => id))
    expect(data.find(({ id }) => id === 'self-consistency')).toMatchObject({
      aliases: ['sc', 'maj', 'vote'],
      does: expect.stringMatching(/\.$/),
      source: 'Wang et al., 2022',
      options: { properties: { n: { type: 'integer', minimum: 1, maximum: 256, default: 16 } } },
      leading: 'n',
      calls: 'n',
      depth: '1',
      needs: [],
    })
    expect(on.upstream.asked).toEqual([])
  })

  test('what is known of the upstream’s models is listed with them, and nobody is asked for it', async () => {
    on.upstream.reply(({ json }) => ({ choices: Array.from({ length: json?.n ?? 1 }, () => ({ text: '42' })) }))
    const abilities = async () => {
      const { data } = (await (await fetch(`${on.url}/v1/models`)).json()) as { data: { id: string; mull?: object }[] }
      return data.find(({ id }) => id === 'other')
    }
    expect(await abilities()).not.toHaveProperty('mull')
    await on.client.chat.completions.create(ask('other+sc@3'))
    expect(await abilities()).toMatchObject({ owned_by: 'upstream', mull: { can: { n: true } } })
    expect(on.upstream.asked.filter(({ path }) => path.endsWith('/completions'))).toHaveLength(1)
  })

  const chats = () => on.upstream.asked.filter(({ path }) => path.endsWith('/completions')).map(({ json }) => json!)
  const isProbe = (body: AskedJson) => body['max_tokens'] === 4

  test('a strategy that goes on with messages has the upstream asked once, for all of its requests', async () => {
    on.upstream.reply(({ json }) => {
      const begun = String(json?.messages?.at(-1)?.content)
      if (json?.['continue_final_message'] !== true) return { text: '41', thinking: 'six sevens', field: 'tags' }
      return { text: begun.endsWith('Par') ? 'is.' : ', that is 42.</think>42' }
    })
    const { choices, ...first } = await on.client.chat.completions.create(ask('going-on+budget-forcing@1'))
    expect(choices[0]!.message).toMatchObject({
      content: '42',
      reasoning_content: expect.stringMatching(/^going-on was asked whether it goes on with .*: yes \(vllm\)\.$/m),
    })
    expect(choices[0]!.message).toHaveProperty(
      'reasoning_content',
      expect.stringMatching(/six sevens\nWait, that is 42\.$/),
    )
    expect(first).toMatchObject({ mull: { calls: 2, requests: 3 }, usage: { completion_tokens: 15 } })
    expect(chats().map(isProbe)).toEqual([true, false, false])

    const again = await on.client.chat.completions.create(ask('going-on+budget-forcing@1'))
    expect(again).toMatchObject({ mull: { calls: 2, requests: 2 } })
    expect(chats().filter(isProbe)).toHaveLength(1)
  })

  test('where the upstream cannot, the recipe is refused with what is missing; a relay asks nothing', async () => {
    on.upstream.reply(() => ({ text: 'Paris' }))
    await on.client.chat.completions.create(ask('anew'))
    expect(chats()).toHaveLength(1)
    for (const _ of ['at first', 'from memory']) {
      const response = await on.post(ask('anew+budget-forcing'))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        error: { code: 'invalid_recipe', message: expect.stringMatching(/budget-forcing needs .*UPSTREAM_CAN/) },
      })
    }
    expect(chats().filter(isProbe)).toHaveLength(2)
  })
}
