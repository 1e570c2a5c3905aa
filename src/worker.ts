import { readConfig } from './config.ts'
import { createEngine, demoTransport, httpOptions } from './engine.ts'
import { createApp } from './http/app.ts'
import { fetchTransport } from './upstream/fetch-transport.ts'

/** Cloudflare holds the seventh call of an invocation back until one of six has its response headers. */
const waiting = 6

let app: { readonly env: object; readonly fetch: ReturnType<typeof createApp>['fetch'] } | undefined

/** The Worker. Its variables and secrets are the environment of the README's table. */
export default {
  fetch(request: Request, env: Record<string, unknown>): Response | Promise<Response> {
    app = app?.env === env ? app : { env, fetch: assemble(env) }
    return app.fetch(request, env)
  },
}

function assemble(env: Record<string, unknown>) {
  const config = readConfig(env)
  const { UPSTREAM_BASE_URL: baseUrl, UPSTREAM_TIMEOUT_MS: timeoutMs } = config
  const transport = baseUrl
    ? fetchTransport((url, init) => fetch(url, init), { baseUrl, timeoutMs })
    : demoTransport(config)
  return createApp(createEngine(config, transport, { waiting }), httpOptions(config)).fetch
}
