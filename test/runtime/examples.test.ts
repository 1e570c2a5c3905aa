import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { startUpstream } from '../helpers/upstream.ts'

const run = promisify(execFile)

vi.setConfig({ testTimeout: 60_000 })

/** What an example prints, asked of a Mull that a vote of three is told to. */
async function printed(program: string, file: string): Promise<string> {
  await using upstream = await startUpstream(() => ({ text: 'It is 4964.', thinking: 'I add.' }))
  const mull = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: upstream.url }))
  try {
    const env = { PATH: process.env['PATH']!, MULL_URL: `${mull.url}/v1`, MODEL: 'r1+sc@3' }
    return (await run(program, [file], { env })).stdout
  } finally {
    await mull.close(0)
  }
}

test.each(['openai', 'ai-sdk', 'langchain'])('examples/%s.ts prints what was voted for', async (name) => {
  expect(await printed(process.execPath, `examples/${name}.ts`)).toMatch(/^(It is 4964\.\n)+$/)
})

test.skipIf(!existsSync('/usr/bin/curl'))('examples/curl.sh prints a reply and a stream', async () => {
  const said = await printed('sh', 'examples/curl.sh')
  expect(said).toContain('"content":"It is 4964."')
  expect(said).toMatch(/data: \[DONE\]\s*$/)
})
