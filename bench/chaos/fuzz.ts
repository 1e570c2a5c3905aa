import fc from 'fast-check'
import { ask } from './ask.ts'
import { bodies } from './bodies.ts'
import { startMull } from './mull.ts'
import { assert, type Promised } from './promised.ts'
import { startUpstream } from './upstream.ts'
import { isClear } from './verdict.ts'

export const fuzz: readonly Promised[] = [
  {
    promise: '2,000 bodies of any kind: never a 5xx, never a crash, never a hang, nothing logged',
    hold: (quick) => any(quick ? 20 : 100),
  },
]

const atOnce = 20

async function any(runs: number): Promise<string> {
  await using upstream = await startUpstream()
  await using mull = await startMull(upstream.url, { MULL_ALIASES: 'smart=m+sc@2', OPTILLM_COMPAT: 'true' })
  const seen: Record<string, number> = {}
  const property = fc.asyncProperty(fc.array(bodies, { minLength: atOnce, maxLength: atOnce }), async (asked) => {
    await Promise.all(
      asked.map(async ({ path, body, headers }) => {
        const answer = await ask(mull.url, { path, body, headers, patience: 10_000 })
        const kind = `${answer.status}`.replace(/..$/, 'xx')
        seen[kind] = (seen[kind] ?? 0) + 1
        const shown = () => `${answer.status} ${answer.body.slice(0, 200)} to ${path} ${body.toString().slice(0, 200)}`
        assert(answer.status >= 200 && answer.status < 500, shown)
        // Anthropic's form has fewer fields.
        if (answer.status >= 400 && path !== '/v1/messages') isClear(answer)
      }),
    )
    assert(mull.alive(), 'the process ended')
    assert(mull.log() === '', () => `it logged: ${mull.log().slice(0, 300)}`)
  })
  await fc.assert(property, {
    numRuns: runs,
    seed: 1,
    interruptAfterTimeLimit: 120_000,
    markInterruptAsFailure: true,
  })
  return Object.entries(seen)
    .map(([kind, times]) => `${times} × ${kind}`)
    .join(', ')
}
