import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** What must behave alike everywhere is tested on Node and inside workerd; what needs sockets and processes, on Node. */
const everywhere = [
  'test/{core,answers,vote,recipe,scorers,strategies}/**/*.test.ts',
  'test/upstream/tiny/{chat,logprobs,stop,stream,tokenizer}.test.ts',
]

/** What those import who have Mull as a package; nothing of it needs to be built. */
const alias = {
  'mull/config': '/src/config/define.ts',
  'mull/core': '/src/core/index.ts',
  'mull/testing': '/src/testing.ts',
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: { name: 'node', include: ['{test,examples}/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        resolve: { alias },
        plugins: [
          cloudflareTest({
            main: 'src/worker.ts',
            miniflare: {
              compatibilityDate: '2026-11-01',
              compatibilityFlags: ['enable_request_signal'],
              kvNamespaces: ['MULL_KV'],
              durableObjects: { MULL_STATE: { className: 'MullState', useSQLite: true } },
            },
          }),
        ],
        test: { name: 'workerd', include: [...everywhere, 'test/**/*.workerd.ts'], testTimeout: 20_000 },
      },
    ],
  },
})
