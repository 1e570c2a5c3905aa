const utf8 = new TextDecoder()

/**
 * The model that a request's body names near its beginning or its end, which is where clients put it; undefined where it
 * is not in sight. Inside a text the quotes would be escaped, so a prompt cannot look like it.
 */
export function modelInSight(bytes: Uint8Array): string | undefined {
  const named = /"model"\s*:\s*("(?:[^"\\]|\\.){1,2000}")/
  const [, written] =
    named.exec(utf8.decode(bytes.subarray(0, edge))) ?? named.exec(utf8.decode(bytes.subarray(-edge))) ?? []
  return written === undefined ? undefined : unquoted(written)
}

const edge = 1024

function unquoted(written: string): string | undefined {
  try {
    return String(JSON.parse(written))
  } catch {
    return undefined
  }
}
