import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { readConfig } from '../src/config/index.ts'
import { startNode } from '../src/node.ts'

const run = promisify(execFile)
const image = await readFile('Dockerfile', 'utf8')

test('the image has what the package has that runs, and not as root', () => {
  const copied = [...image.matchAll(/^COPY --from=build \/mull\/(\S+)/gm)].map(([, path]) => path!)
  expect(copied.sort()).toEqual(['dist', 'node_modules', 'package.json', 'tiny-r1/tiny-r1.bin'])
  expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'tiny-r1/tiny-r1.bin']))
  expect(image).toMatch(/^USER node$/m)
  expect(image).toContain(`CMD ["node", "${manifest.bin.mull}"]`)
})

test('its health check passes where Mull serves, and fails where nobody does', async () => {
  const [, words = ''] = /^HEALTHCHECK .*\n\s*CMD (\[.*\])$/m.exec(image)!
  const [, ...args] = JSON.parse(words) as string[]
  const check = (port: number) => run(process.execPath, args, { env: { PORT: String(port) } })
  const mull = await startNode(readConfig({ PORT: '0' }))
  await check(Number(new URL(mull.url).port))
  await mull.close(0)
  const nobody = createServer().listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  nobody.close()
  await expect(check(port)).rejects.toMatchObject({ code: 1 })
})

test('the systemd unit starts what the build makes, and waits longer than Mull drains', async () => {
  const unit = await readFile('deploy/mull.service', 'utf8')
  expect(unit).toContain(`${manifest.bin.mull} serve`)
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit)!
  expect(Number(seconds) * 1000).toBeGreaterThan(readConfig({}).server.drain)
})

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd understands the unit', async () => {
  const { stderr } = await run('systemd-analyze', ['verify', 'deploy/mull.service']).catch((error) => error)
  expect(stderr).not.toMatch(/mull\.service:\d+/)
})
