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
  export class DurableObject {
    constructor(ctx: unknown, env: unknown)
    readonly ctx: { readonly storage: { readonly kv: import('./state/account.ts').Shelf } }
  }
}
