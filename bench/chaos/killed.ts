import { connectRedis } from '../../src/node/redis.ts'
import { hasRedis, startRedis } from '../../test/helpers/redis.ts'
import { ask, chatOf } from './ask.ts'
import { type Mull, startMull } from './mull.ts'
import { assert, type Promised, together, until } from './promised.ts'
import { perCompletion, questionFor, startUpstream } from './upstream.ts'
import { isRight } from './verdict.ts'

export const killed: readonly Promised[] = [
  {
    promise: 'a killed process of two: its requests fail clearly, the other’s go on, no budget is lost',
    hold: (quick) => (hasRedis ? ofTwo(quick ? 1 : 4) : Promise.resolve('not tried: there is no redis-server here')),
  },
  {
    promise: 'a killed replica of two: no request of a strategy fails',
    hold: (quick) => replica(quick ? 2 : 8),
  },
]

const price = 1000
const limit = 10_000
/** For a request whose answer never comes to its end. */
const hanging = { 'x-hanging': '1' }
const underWay = 30

async function ofTwo(seconds: number): Promise<string> {
  await using redis = await startRedis()
  await using upstream = await startUpstream()
  upstream.fault = ({ headers }) => (headers['x-hanging'] ? 'silence in the reply' : undefined)
  const env = {
    MULL_REDIS_URL: redis.url,
    MULL_API_KEYS: JSON.stringify([{ name: 'both', key: 'both', spendPerDay: limit }]),
    MULL_PRICES: JSON.stringify({ m: { input: 0, output: price } }),
  }
  await using first = await startMull(upstream.url, env)
  await using second = await startMull(upstream.url, env)
  let completions = 0
  const right = async (mull: Mull, number: number) => {
    const answer = await ask(mull.url, { headers: key, body: bodyOf(number) })
    completions += number % 3 === 0 ? 3 : 1
    const kept = number % 3 === 0 ? isRight(answer, number, number % 2 === 0) : answer.body.includes(`{${number}}`)
    assert(answer.status === 200 && !answer.cut && kept, () => `${answer.status}: ${answer.body.slice(0, 200)}`)
  }
  const told = async () => {
    const { body } = await ask(second.url, { method: 'GET', path: '/v1/key', headers: key })
    return JSON.parse(body).limits[0] as { used: number; held: number }
  }
  const spent = () => Math.round(((completions * perCompletion * price) / 1_000_000) * 1e6) / 1e6
  const isBooked = async (held: (amount: number) => boolean) => {
    const end = performance.now() + 5000
    for (;;) {
      const now = await told()
      if (now.used === spent() && held(now.held)) return
      const shown = `${now.used} spent and ${now.held} held, where ${spent()} was spent`
      assert(performance.now() < end, shown)
    }
  }

  await load(seconds, 8, (number) => right(number % 2 ? first : second, number))
  await isBooked((held) => held === 0)
  const lost = Array.from({ length: underWay }, (_, number) =>
    ask(first.url, { headers: { ...key, ...hanging }, body: bodyOf(number) }),
  )
  await until(
    () => upstream.inFlight >= underWay,
    5000,
    () => `only ${upstream.inFlight} calls began`,
  )
  const before = completions
  const going = load(seconds, 8, (number) => right(second, number))
  first.child.kill('SIGKILL')
  for (const { status, cut, body } of await Promise.all(lost))
    assert(status === 0 || (cut && !body.includes('[DONE]')), `a lost request looks answered: ${status} ${body}`)
  await going
  await until(
    () => upstream.inFlight === 0,
    1000,
    () => `${upstream.inFlight} calls are left upstream`,
  )
  await isBooked((held) => held > 0)
  // A minute in which nobody says that it is held still is over at once.
  const client = await connectRedis(redis.url, () => {})
  const holds = await client.zRange('mull:{both}:until', 0, -1)
  await client.zAdd(
    'mull:{both}:until',
    holds.map((value) => ({ score: 0, value })),
  )
  client.destroy()
  assert(holds.length === underWay, `${holds.length} requests were held for`)
  await right(second, 1)
  await isBooked((held) => held === 0)
  return `${underWay} lost, ${completions - before} completions of the other’s meanwhile; ${spent()} spent to the last digit`
}

async function replica(seconds: number): Promise<string> {
  await using left = await startUpstream()
  await using dying = await startUpstream()
  for (const upstream of [left, dying]) upstream.delay = 15
  await using mull = await startMull(`${left.url},${dying.url}`)
  let count = 0
  const asking = load(seconds, 32, async (number) => {
    const stream = number % 2 === 0
    const answer = await ask(mull.url, { body: chatOf('m+sc@4', questionFor(number), { stream }) })
    assert(answer.status === 200 && isRight(answer, number, stream), () => `${answer.status}: ${answer.body}`)
    count++
  })
  await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / 2))])
  await until(
    () => dying.inFlight > 0,
    5000,
    () => 'it was asked nothing',
  )
  const [before, calls] = [count, dying.inFlight]
  await dying[Symbol.asyncDispose]()
  await asking
  return `${count} answered, ${count - before} of them after it; ${calls} of its calls were under way`
}

const key = { authorization: 'Bearer both' }

/** A third of them are votes of three, and half are streams. */
const bodyOf = (number: number) =>
  chatOf(number % 3 === 0 ? 'm+sc@3' : 'm', questionFor(number), { stream: number % 2 === 0 })

const load = (seconds: number, width: number, work: (number: number) => Promise<void>): Promise<void> => {
  const end = performance.now() + seconds * 1000
  const numbers = function* () {
    for (let number = 1000; performance.now() < end; number++) yield number
  }
  return together(numbers(), width, work)
}
