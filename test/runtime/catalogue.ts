import { expect, test } from 'vitest'
import { scorers } from '../../src/scorers/index.ts'
import * as strategies from '../../strategies/index.ts'
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
    expect(ids('scorer')).toEqual(Object.keys(scorers).toSorted())
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
}
