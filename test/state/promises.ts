import { beforeAll, describe, expect, test } from 'vitest'
import { type Allowances, leftOf, type Take, usedOf } from '../../src/state/allowance.ts'

/** Windows that do not end during a test. */
const windowMs = 1e13

const of = (name: string, most: number, amount: number, held = false): Take => ({ name, most, windowMs, amount, held })

let number = 0
const somebody = () => `somebody-${++number}`
const hold = (ms = 60_000) => ({ id: `hold-${++number}`, ms })

/** What holds of allowances wherever they are kept. */
export function promises(title: string, start: () => Promise<Allowances>): void {
  describe(`allowances in ${title}`, () => {
    let allowances: Allowances
    beforeAll(async () => {
      allowances = await start()
    }, 30_000)

    const left = async (owner: string, ...takes: readonly Take[]) => {
      const { levels } = await allowances.take(
        owner,
        takes.map((take) => ({ ...take, amount: 0 })),
        hold(),
      )
      return levels.map(leftOf)
    }

    test('are used up, and then refused', async () => {
      const owner = somebody()
      const two = of('requests', 5, 2)
      const answers = []
      for (let i = 0; i < 3; i++) answers.push(await allowances.take(owner, [two], hold()))
      expect(answers.map(({ granted }) => granted)).toEqual([true, true, false])
      expect(answers.map(({ levels }) => levels[0]!.used)).toEqual([2, 4, 4])
      const [level] = answers[2]!.levels
      expect(level).toMatchObject({ name: 'requests', most: 5, windowMs, held: 0 })
      expect(level!.start % windowMs).toBe(0)
      expect(Math.abs(level!.start + windowMs - level!.resetMs - Date.now())).toBeLessThan(30_000)
    })

    test('are taken from all or from none', async () => {
      const owner = somebody()
      const both = [of('requests', 5, 1), of('tokens', 100, 101)]
      expect((await allowances.take(owner, both, hold())).granted).toBe(false)
      expect(await left(owner, ...both)).toEqual([5, 100])
    })

    test('of one owner are not those of another', async () => {
      const owner = somebody()
      await allowances.take(owner, [of('requests', 1, 1)], hold())
      expect(await left(owner, of('requests', 1, 0))).toEqual([0])
      expect(await left(somebody(), of('requests', 1, 0))).toEqual([1])
    })

    test('that are held count until they are settled, and then what was spent does', async () => {
      const owner = somebody()
      const money = of('money', 1, 0.4, true)
      const held = hold()
      const { levels } = await allowances.take(owner, [money], held)
      expect(levels[0]).toMatchObject({ used: 0, held: 0.4 })
      expect(await left(owner, money)).toEqual([0.6])
      await allowances.settle(owner, held.id, [{ name: 'money', start: levels[0]!.start, amount: 0.125 }])
      expect(await left(owner, money)).toEqual([0.875])
    })

    test('are held as far as there is any', async () => {
      const owner = somebody()
      const tokens = of('tokens', 100, 80, true)
      const taken = [await allowances.take(owner, [tokens], hold()), await allowances.take(owner, [tokens], hold())]
      expect(taken.map(({ levels }) => [levels[0]!.held, levels[0]!.taken])).toEqual([
        [80, 80],
        [100, 20],
      ])
      expect((await allowances.take(owner, [tokens], hold())).granted).toBe(false)
    })

    test('that a thousand ask for at once are given to as many as there are', async () => {
      const owner = somebody()
      const asked = Array.from({ length: 1000 }, () =>
        allowances.take(owner, [of('requests', 100, 1), of('tokens', 1e6, 7, true)], hold()),
      )
      const granted = (await Promise.all(asked)).filter(({ granted }) => granted)
      expect(granted).toHaveLength(100)
      expect(await left(owner, of('requests', 100, 0), of('tokens', 1e6, 0))).toEqual([0, 1e6 - 700])
    })

    test('that are held by one who is gone come back, and what they spent is booked all the same', async () => {
      const owner = somebody()
      const all = of('money', 1, 1, true)
      const gone = hold(0)
      const { levels } = await allowances.take(owner, [all], gone)
      const next = hold()
      expect((await allowances.take(owner, [all], next)).granted).toBe(true)
      await allowances.settle(owner, next.id, [])
      await allowances.settle(owner, gone.id, [{ name: 'money', start: levels[0]!.start, amount: 0.25 }])
      expect(await left(owner, all)).toEqual([0.75])
    })

    test('that are said to be held still do not come back', async () => {
      const owner = somebody()
      const all = of('money', 1, 1, true)
      const alive = hold(0)
      await allowances.take(owner, [all], alive)
      await allowances.renew(owner, { ...alive, ms: 60_000 })
      expect((await allowances.take(owner, [all], hold())).granted).toBe(false)
    })

    test('of a window that is over are not what the next begins with', async () => {
      const owner = somebody()
      const requests = of('requests', 5, 1)
      const { levels } = await allowances.take(owner, [requests], hold())
      const earlier = levels[0]!.start - windowMs
      await allowances.settle(owner, 'unknown', [{ name: 'requests', start: earlier, amount: 3 }])
      expect(await left(owner, requests)).toEqual([4])
    })

    test('that slide count what was used and held in the window before, as far as that reaches into this one', async () => {
      const owner = somebody()
      const wide = { ...of('tokens', 1e6, 3e5, true), slides: true }
      // The same name in windows that begin when those before end, as if time went by: at 0, and then at their own length.
      const narrow = { ...wide, windowMs: 1.5e12, amount: 0 }
      const [spent, open] = [hold(), hold()]
      const { levels } = await allowances.take(owner, [wide], spent)
      await allowances.settle(owner, spent.id, [{ name: 'tokens', start: levels[0]!.start, amount: 1e5 }])
      await allowances.take(owner, [wide], open)
      const look = async () => (await allowances.take(owner, [narrow], hold())).levels[0]!
      const share = (amount: number) => amount * ((3e12 - Date.now()) / 1.5e12)
      const first = await look()
      expect(first).toMatchObject({ used: 0, held: 0, before: 4e5, start: 1.5e12 })
      expect(usedOf(first)).toBeCloseTo(share(4e5), -1)
      expect(leftOf(first)).toBe(1e6 - usedOf(first))
      await allowances.settle(owner, open.id, [{ name: 'tokens', start: 0, amount: 5e4 }])
      expect(usedOf(await look())).toBeCloseTo(share(1.5e5), -1)
      // A window that was never heard of is over, and all of it free.
      const [later] = (await allowances.take(owner, [{ ...narrow, windowMs: 1e11 }], hold())).levels
      expect([later!.before, leftOf(later!)]).toEqual([0, 1e6])
      await allowances.settle(owner, 'unknown', [{ name: 'tokens', start: 0, amount: 5e4 }])
      expect(leftOf((await allowances.take(owner, [{ ...narrow, windowMs: 1e11 }], hold())).levels[0]!)).toBe(1e6)
    })

    test('that slide are refused for what was used before', async () => {
      const owner = somebody()
      const wide = { ...of('requests', 10, 10), slides: true }
      const narrow = { ...wide, windowMs: 1.5e12 }
      await allowances.take(owner, [wide], hold())
      const counted = Math.round(10 * ((3e12 - Date.now()) / 1.5e12))
      const take = async (amount: number) => (await allowances.take(owner, [{ ...narrow, amount }], hold())).granted
      expect([await take(10 - counted + 1), await take(10 - counted), await take(1)]).toEqual([false, true, false])
    })

    test('that nobody has are not renewed', async () => {
      const owner = somebody()
      await allowances.renew(owner, hold())
      await allowances.settle(owner, 'unknown', [])
      expect(await left(owner, of('money', 1, 0, true))).toEqual([1])
    })
  })
}
