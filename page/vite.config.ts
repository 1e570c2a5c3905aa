import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { assetHeaders, pageHeaders } from '../src/http/page.ts'

const rule = (path: string, headers: Readonly<Record<string, string>>) =>
  `${path}\n${Object.entries(headers)
    .map(([name, value]) => `  ${name}: ${value}\n`)
    .join('')}`

/** Cloudflare reads the headers of static files from a file among them. */
const headersFile: Plugin = {
  name: 'headers-file',
  generateBundle() {
    const source = [rule('/*', pageHeaders), rule('/assets/*', assetHeaders)].join('\n')
    this.emitFile({ type: 'asset', fileName: '_headers', source })
  },
}

/** `npx vite page` serves the page while it is worked on, in front of a Mull on its usual port. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [headersFile],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/v1': 'http://127.0.0.1:8787' } },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    // The page may load nothing but files of its own origin, and data: is none.
    assetsInlineLimit: 0,
  },
  logLevel: 'warn',
})
