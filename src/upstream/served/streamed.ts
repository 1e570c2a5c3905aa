/** More events than any reply has: the text that a client has yet to read is small, what the work holds meanwhile is not. */
const ahead = 4096

/** A stream of server-sent events. A client that leaves ends the work. */
export const streamed = (chunks: AsyncGenerator<string>): Response => {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { value, done } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: ahead },
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
