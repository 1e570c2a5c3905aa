import { afterEach } from 'vitest'
import type { Settings } from '../../src/config/index.ts'
import { type Script, startUpstream, type Upstream } from './upstream.ts'

/** Starts Mull with a configuration, on one runtime. */
export type StartWith = (settings: Settings) => Promise<{ url: string; close(): Promise<unknown> }>

/** Several fake upstreams with a Mull in front of them, for one test. */
export function severally(start: StartWith) {
  const open: { close(): Promise<unknown> }[] = []
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close().catch(() => {})
  })

  return async <Name extends string>(
    scripts: Record<Name, Script>,
    settings: (urls: Record<Name, string>) => Settings,
  ) => {
    const names = Object.keys(scripts) as Name[]
    const upstreams = {} as Record<Name, Upstream>
    for (const name of names) {
      upstreams[name] = await startUpstream(scripts[name])
      open.push(upstreams[name])
    }
    const urls = Object.fromEntries(names.map((name) => [name, upstreams[name].url])) as Record<Name, string>
    const mull = await start(settings(urls))
    open.push(mull)
    const request = (path: string, init: RequestInit = {}) => fetch(`${mull.url}/v1${path}`, init)
    const post = (body: object | string, path = '/chat/completions', headers: Record<string, string> = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    const models = async () => {
      const { data } = (await (await request('/models')).json()) as { data: { id: string }[] }
      return data.map(({ id }) => id).filter((id) => !id.includes('+'))
    }
    return { ...upstreams, url: mull.url, post, request, models }
  }
}

/** The requests that are no question for a list. */
export const posted = ({ asked }: Upstream) => asked.filter(({ method }) => method === 'POST')
