/** SHA-256 of a text. Node has one that does not wait for a thread. */
export type Digest = (text: string) => Uint8Array | Promise<Uint8Array>

export const webDigest: Digest = async (text) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

const prefix = 'sha256:'

/** How a key is written that need not be known here. */
export const hashLine = (digest: Uint8Array): string =>
  prefix + Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The digest of a key, which is written as it is or as its hash. */
export async function digestOf(written: string, digest: Digest): Promise<Uint8Array> {
  if (!isHash(written)) return digest(written)
  const hex = written.slice(prefix.length)
  return Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16))
}

export const isHash = (written: string): boolean => /^sha256:[0-9a-f]{64}$/i.test(written)

/** Takes as long for digests that differ in their first byte as for equal ones. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= a[at]! ^ (b[at] ?? 0)
  return difference === 0
}
