import type { Watching } from '../http/watching/watch.ts'

/**
 * On Workers a reply is out when its body has been read to the end. It is passed on within the runtime, where no byte of
 * it is seen by a script. The execution context is what a request is given along.
 */
export const sending: Watching['sending'] = ({ signal }, env, sent) => {
  const context = env as { waitUntil(work: Promise<unknown>): void }
  const keep = (work: Promise<unknown>) => context.waitUntil(work)
  let open = true
  const end = (how: Parameters<typeof sent>[0]) => {
    if (open) sent(how)
    open = false
  }
  return {
    keep,
    reply(response) {
      const { status, body, headers } = response
      if (!body) {
        end({ status, whole: true })
        return response
      }
      const left = () => end({ status, whole: false })
      signal.addEventListener('abort', left, { once: true })
      const length = headers.get('content-length')
      const { readable, writable } =
        length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length))
      keep(body.pipeTo(writable, { signal }).then(() => end({ status, whole: true }), left))
      return new Response(readable, response)
    },
  }
}
