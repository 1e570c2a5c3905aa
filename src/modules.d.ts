/** What the bundler of Workers makes of files that are no scripts (see wrangler.toml). */
declare module '*.wasm' {
  const compiled: object
  export default compiled
}
declare module '*.bin' {
  const bytes: ArrayBuffer
  export default bytes
}
/** What of the Workers runtime is used. */
declare module 'cloudflare:workers' {
  export const env: Readonly<Record<string, unknown>>
  export function waitUntil(work: Promise<unknown>): void
  /** The Worker's own entrypoints, asked as over a binding. */
  export const exports: { readonly MullShard: { open(): Promise<import('./edge/shards.ts').Calls> } }
  export class WorkerEntrypoint {
    readonly env: Readonly<Record<string, unknown>>
  }
  export class RpcTarget {}
  export class DurableObject {
    constructor(ctx: unknown, env: unknown)
    readonly ctx: { readonly storage: { readonly kv: import('./state/account.ts').Shelf } }
  }
}

/** Workers' own: what goes in comes out, without a script seeing it. */
declare class IdentityTransformStream extends TransformStream<Uint8Array, Uint8Array> {}

/** The same for so many bytes, which the reply then says it has. */
declare class FixedLengthStream extends IdentityTransformStream {
  constructor(length: number)
}
