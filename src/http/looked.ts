import type { Fields, Whole } from './arrival.ts'

/** A request of the web's form whose headers are read once: each look at the runtime's own is a call out of the script. */
export const looked = (request: Request): Whole['request'] => ({
  method: request.method,
  url: request.url,
  headers: fieldsOf([...request.headers]),
  get body() {
    return request.body
  },
  get signal() {
    return request.signal
  },
  arrayBuffer: () => request.arrayBuffer(),
})

/** Their names in lower case. */
function fieldsOf(pairs: readonly [name: string, value: string][]): Fields {
  const get = (name: string) => pairs.find(([own]) => own === name)?.[1] ?? null
  return { get, has: (name) => get(name) !== null, [Symbol.iterator]: () => pairs[Symbol.iterator]() }
}
