import { median, oneByOne } from './load.ts'
import { startScript } from './servers.ts'

const latency = 50
const ask = (model: string) => ({ model, messages: [{ role: 'user', content: 'How much is 6 times 7?' }] })

/** What sixteen samples cost in waiting, where the upstream takes 50 ms and as many calls at once as it is asked. */
export async function search(): Promise<void> {
  console.error(`\n### Self-consistency@16 with an upstream that takes ${latency} ms\n`)
  console.error('| the upstream | one call, relayed, p50 | sixteen samples and a vote, p50 | ratio |')
  console.error('| --- | --- | --- | --- |')
  for (const [name, takesN] of [['takes n', 'true'] as const, ['refuses n: sixteen calls', 'false'] as const]) {
    await using upstream = await startScript('bench/servers/upstream.ts', { DELAY_MS: `${latency}`, TAKES_N: takesN })
    await using mull = await startScript('src/cli.ts', { UPSTREAM_BASE_URL: `${upstream.url}/v1` })
    // As warm as the other benches make a server: some thousands of calls.
    await oneByOne(mull, ask('m+self-consistency@16'), 400)
    const one: number[] = []
    const sixteen: number[] = []
    for (let round = 0; round < 10; round++) {
      one.push(...(await oneByOne(mull, ask('m'), 5)).whole)
      sixteen.push(...(await oneByOne(mull, ask('m+self-consistency@16'), 5)).whole)
    }
    const [single, many] = [median(one), median(sixteen)]
    console.error(`| ${name} | ${single.toFixed(1)} ms | ${many.toFixed(1)} ms | ${(many / single).toFixed(2)}x |`)
  }
}
