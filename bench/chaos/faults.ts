import { type Answer, ask, chatOf } from './ask.ts'
import { type Fault, faultNames } from './fault.ts'
import { startMull } from './mull.ts'
import { assert, type Promised, quantile, together, until } from './promised.ts'
import { questionFor, startUpstream } from './upstream.ts'
import { isClear, isRight, secret } from './verdict.ts'

/** The time-outs that Mull is given, and the longest that anything may take by them: three attempts, and their waits. */
const env = { UPSTREAM_TIMEOUT_MS: '800', UPSTREAM_IDLE_MS: '800', UPSTREAM_TOTAL_MS: '10000' }
const longest = 15_000

export const faults: readonly Promised[] = faultNames.map((fault) => ({
  promise: `upstream: ${fault}, at 30 % and at 100 %: answered rightly or failed clearly`,
  hold: (quick) => holdAt(fault, fault.startsWith('50 MB') ? (quick ? 2 : 8) : quick ? 5 : 40),
}))

async function holdAt(fault: Fault, each: number): Promise<string> {
  await using upstream = await startUpstream()
  await using mull = await startMull(upstream.url, env)
  const times: number[] = []
  const count = { right: 0, failed: 0 }
  for (const share of [0.3, 1]) {
    let call = 0
    // Every third is nearly 30 %, and the same in each run.
    upstream.fault = () => (share === 1 || call++ % 10 < 3 ? fault : undefined)
    await together(requests(share === 1 ? Math.ceil(each / 10) : each), 8, async ({ model, stream, number }) => {
      const body = chatOf(model, questionFor(number), { stream })
      const answer = await ask(mull.url, { body, patience: longest })
      times.push(answer.ms)
      const right = model === 'm' ? isRelayed(answer, number, stream, fault) : isRight(answer, number, stream)
      if (right) count.right++
      else count.failed++
      const may = fault === 'wrong content type' || fault === 'slow body' || fault === 'invalid UTF-8'
      assert(!right || share < 1 || may || fault.startsWith('50 MB'), 'a right answer came of nothing')
    })
  }
  assert(mull.alive(), 'the process ended')
  assert(mull.log() === '', `it logged: ${mull.log()}`)
  await until(
    () => upstream.inFlight === 0,
    200,
    () => `${upstream.inFlight} calls are left upstream`,
  )
  return `${count.right} right, ${count.failed} failed; slowest ${(quantile(times, 1) / 1000).toFixed(1)} s`
}

function* requests(each: number) {
  let number = 1000
  for (let i = 0; i < each; i++)
    for (const model of ['m', 'm+sc@3', 'm+none'])
      for (const stream of [true, false]) yield { model, stream, number: number++ }
}

/** A relay hands on what came, or says that nothing came. */
function isRelayed(answer: Answer, number: number, stream: boolean, fault: Fault): boolean {
  const { status, body, cut } = answer
  assert(status > 0, 'no answer at all')
  assert(!secret.test(body.slice(0, 100_000)), () => `tells too much: ${status}: ${body.slice(0, 300)}`)
  if (status === 200) {
    const whole = body.includes(`{${number}}`) && (/\[DONE\]\s*$/.test(body) || body.endsWith('}'))
    // What has a length of its own may be of no sense.
    const isTheirs = !stream && (fault === 'truncated reply' || fault === 'garbage')
    assert(
      whole || cut || isTheirs || fault.startsWith('50 MB'),
      () => `a reply that looks whole and is not: ${body.slice(0, 200)}`,
    )
    return whole && !cut
  }
  return isClear({ ...answer, body: status === 429 ? withFields(body) : body })
}

/** The upstream's own refusal, which has fewer fields than ours. */
const withFields = (body: string) => JSON.stringify({ error: { param: null, ...JSON.parse(body).error } })
