/**
 * Aborts `exit` when `outer` is. Returns how to let go of it, which must be done. `AbortSignal.any` would say the same; but
 * what it makes, and all that is known there, lives on Node until the next full collection.
 */
export function endedBy(outer: AbortSignal | undefined, exit: AbortController): () => void {
  if (!outer) return () => {}
  const end = () => exit.abort(outer.reason)
  if (outer.aborted) end()
  else outer.addEventListener('abort', end, { once: true })
  return () => outer.removeEventListener('abort', end)
}
