import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { bundleWorker } from '../helpers/workerd.ts'

test('the Worker stays small: at most 180 KiB of gzip', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mull-size-'))
  try {
    const bundle = await readFile(await bundleWorker('src/worker.ts', join(folder, 'worker.js')))
    expect(gzipSync(bundle).length).toBeLessThan(180 * 1024)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the answers module stays small: at most 25 kB of gzip', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/answers/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThanOrEqual(25_000)
})
