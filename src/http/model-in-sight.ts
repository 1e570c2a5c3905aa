const [quote, backslash, colon, open, close, list, end] = [...'"\\:{}[]'].map((char) => char.charCodeAt(0))
const key = [...'model'].map((char) => char.charCodeAt(0))
const utf8 = new TextDecoder()

/** The model that a body names, and the same body with another name in its place. */
export type InSight = { readonly model: string; readonly bodyFor: (model: string) => Uint8Array }

/**
 * The model that a request's body names, without reading the rest of it: texts are skipped over, as they are most of a
 * body. Undefined where it is not named once, by a text.
 */
export function modelInSight(bytes: Uint8Array): InSight | undefined {
  let depth = 0
  let found: InSight | undefined
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === open || byte === list) depth++
    else if (byte === close || byte === end) depth--
    if (byte !== quote) continue
    const after = endOf(bytes, at)
    if (depth === 1 && isKey(bytes, at, after) && bytes[visible(bytes, after)] === colon) {
      const begin = visible(bytes, visible(bytes, after) + 1)
      if (found || bytes[begin] !== quote) return undefined
      found = namedAt(bytes, begin, endOf(bytes, begin))
      if (!found) return undefined
    }
    at = after - 1
  }
  return found
}

/** Where the text ends that begins at `at`, its quotes included. */
function endOf(bytes: Uint8Array, at: number): number {
  for (let from = at + 1; ; ) {
    const close = bytes.indexOf(quote!, from)
    if (close < 0) return bytes.length
    let slashes = 0
    while (bytes[close - 1 - slashes] === backslash) slashes++
    if (slashes % 2 === 0) return close + 1
    from = close + 1
  }
}

const isKey = (bytes: Uint8Array, at: number, after: number) =>
  after - at === key.length + 2 && key.every((char, offset) => bytes[at + 1 + offset] === char)

/** The next byte that is no white space. */
function visible(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at]! <= 32) at++
  return at
}

function namedAt(bytes: Uint8Array, begin: number, after: number): InSight | undefined {
  try {
    const model = JSON.parse(utf8.decode(bytes.subarray(begin, after)))
    return { model, bodyFor: (other) => (other === model ? bytes : spliced(bytes, begin, after, other)) }
  } catch {
    return undefined
  }
}

function spliced(bytes: Uint8Array, begin: number, after: number, model: string): Uint8Array {
  const name = new TextEncoder().encode(JSON.stringify(model))
  const body = new Uint8Array(bytes.length - (after - begin) + name.length)
  body.set(bytes.subarray(0, begin))
  body.set(name, begin)
  body.set(bytes.subarray(after), begin + name.length)
  return body
}
