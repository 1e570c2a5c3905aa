/** SHA-256 of a text, in hexadecimal. Node has one that does not wait for a thread. */
export type Digest = (text: string) => string | Promise<string>

const prefix = 'sha256:'

/** How a key is written that need not be known here. */
export const hashLine = (digest: string): string => prefix + digest

/** The digest of a key, which is written as it is or as its hash. */
export const digestOf = async (written: string, digest: Digest): Promise<string> =>
  isHash(written) ? written.slice(prefix.length).toLowerCase() : digest(written)

export const isHash = (written: string): boolean => /^sha256:[0-9a-f]{64}$/i.test(written)

/** Takes as long for digests that differ in their first digit as for equal ones. */
export function same(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
}
