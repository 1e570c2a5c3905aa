/** What the bundler of Workers makes of files that are no scripts (see wrangler.toml). */
declare module '*.wasm' {
  const compiled: object
  export default compiled
}
declare module '*.bin' {
  const bytes: ArrayBuffer
  export default bytes
}
