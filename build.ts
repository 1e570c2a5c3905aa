/** Builds the package into dist/: `mull/core`, `mull/answers`, `mull/vote`, `mull/strategies`, `mull/config`, `mull/testing`, the Worker, the command, their types, and the page. */
import { execFileSync } from 'node:child_process'
import { glob, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { build } from 'esbuild'
import { program } from './src/upstream/tiny/kernel/program.ts'

const entries = {
  core: 'src/core/index.ts',
  answers: 'src/answers/index.ts',
  vote: 'src/vote/index.ts',
  strategies: 'strategies/index.ts',
  config: 'src/config/define.ts',
  testing: 'src/testing.ts',
  worker: 'src/worker.ts',
  cli: 'src/cli.ts',
}

/** Workers only take WebAssembly that was there when they were deployed. */
await writeFile('src/upstream/tiny/kernel/kernel.wasm', program())

await rm('dist', { recursive: true, force: true })
// Split, so that an error class of the core is the same class in every entry.
await build({
  entryPoints: entries,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  alias: { 'mull/config': './src/config/define.ts' },
  packages: 'external',
  format: 'esm',
  platform: 'neutral',
  target: 'es2024',
  external: ['node:*'],
  logLevel: 'warning',
})

await import('./page/build.ts')

execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })

/** Names that begin with # are this package's own and mean nothing to whoever installs it. */
const inside: Record<string, string> = {
  '#core': 'dist/types/src/core/index.ts',
  '#answers': 'dist/types/src/answers/index.ts',
  '#vote': 'dist/types/src/vote/index.ts',
}
for await (const file of glob('dist/types/**/*.d.ts')) {
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text.replace(/(?<=['"])#\w+(?=['"])/g, (name) => `./${relative(dirname(file), inside[name]!)}`),
  )
}
