import { expect, test } from 'vitest'
import { pantry } from '../../src/pantry.ts'
import { catalogueOf } from '../../src/recipe/catalogue.ts'
import { command } from '../helpers/command.ts'

test('lists every strategy and scorer, with what it costs by default', async () => {
  const { code, out } = await command(['strategies'])
  expect(code).toBe(0)
  const lines = out.split('\n')
  const lineOf = (id: string) => lines.find((line) => line.split(' ')[0] === id)!
  for (const { id, does } of catalogueOf(pantry)) expect(lineOf(id)).toContain(does)
  const costs = (id: string) => /(\d+) +(\d+) /.exec(lineOf(id).slice(id.length))!.slice(1, 3)
  expect(costs('self-consistency')).toEqual(['16', '1'])
  expect(costs('best-of-n')).toEqual(['16', '2'])
  // Seven matches, each compared by the judge both ways round.
  expect(costs('tournament')).toEqual(['22', '7'])
  expect(out).not.toContain('undefined')
})

test.each([
  ['bon', ['best-of-n (bon)', 'MODEL+bon@8', 'whole number, 1 to 256', 'weighted | argmax', 'with the defaults 16']],
  ['budget-forcing', ["goes on with an assistant's unfinished message"]],
  ['judge', ['MODEL+best-of-n@8(scorer=judge)', 'whole number, 1 to 16']],
])('tells of %s', async (name, told) => {
  const { code, out } = await command(['strategies', name])
  expect(code).toBe(0)
  for (const words of told) expect(out).toContain(words)
})

test('--json is the catalogue, or the one entry', async () => {
  const [all, one] = await Promise.all([command(['strategies', '--json']), command(['strategies', 'sc', '--json'])])
  expect(JSON.parse(all.out).data).toEqual(JSON.parse(JSON.stringify(catalogueOf(pantry))))
  expect(JSON.parse(one.out)).toMatchObject({ id: 'self-consistency', leading: 'n' })
})

test('mull models lists each once, and with --json also what can be put behind it', async () => {
  const [shown, data] = await Promise.all([command(['models']), command(['models', '--json'])])
  expect(shown.out).toMatch(/^tiny-r1 .*logprobs.*-tools$/m)
  expect(shown.out).not.toContain('+')
  expect(JSON.parse(data.out).data.map(({ id }: { id: string }) => id)).toContain('tiny-r1+self-consistency')
})
