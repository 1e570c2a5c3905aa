import type { Caller, Upstream } from '../upstream/index.ts'
import type { Named } from './place.ts'

/** A body that names a model, and the same with another name for it. */
export type Asked = { readonly model: string; readonly bodyFor: (model: string) => Uint8Array }

type Sent = Parameters<Upstream['relay']>[0] & { readonly asked?: Asked | undefined }

/** Where completions come from, be it one upstream or several. */
export type Upstreams = Omit<Upstream, 'relay' | 'lacking'> & {
  /** Whether the name of a model says where a request goes, so that it must be read. */
  readonly reads: boolean
  relay(sent: Sent, caller: Caller): Promise<Response | undefined>
  /** Paths that the upstream of a model is known not to serve. */
  readonly lacking: {
    has(path: string, model: string | undefined): boolean
    add(path: string, model: string | undefined): void
  }
}

/** One upstream, asked by its own names. */
export const alone = ({ upstream: { relay, ...upstream }, as, keyOf }: Omit<Named, 'serves'>): Upstreams => ({
  ...upstream,
  reads: false,
  model: (name, caller, reuse) => upstream.model(name, as(caller), reuse),
  can: (name, caller) => upstream.can(name, as(caller)),
  models: (caller) => upstream.models(as(caller)),
  relay: (sent, caller) => {
    const { asked } = sent
    return relay(asked ? { ...sent, body: asked.bodyFor(asked.model) } : sent, keyOf(caller))
  },
})
