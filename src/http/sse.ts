/** Server-sent events as OpenAI and Anthropic write them. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would keep a slow stream to itself until its buffer is full.
  'x-accel-buffering': 'no',
}

export const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`

/** An event that is called by its type, too. */
export const namedEvent = <Data extends { readonly type: string }>(data: Data): string =>
  `event: ${data.type}\n${event(data)}`

/**
 * A body of server-sent events from what `events` yields, with a comment after each `keepAliveMs` of silence, so that no
 * load balancer takes a long thought for a dead connection. `leave` is called when the client is gone. One piece is
 * asked for at a time, so a client that does not read holds nothing up but itself.
 */
export function eventStream(
  events: AsyncGenerator<string>,
  keepAliveMs: number,
  leave: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let next: Promise<IteratorResult<string>> | undefined
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      next ??= events.next()
      const result = await withinSilence(next, keepAliveMs)
      if (result === 'silence') return controller.enqueue(encoder.encode(': keep-alive\n\n'))
      next = undefined
      if (result.done) controller.close()
      else controller.enqueue(encoder.encode(result.value))
    },
    cancel: leave,
  })
}

function withinSilence<T>(pending: Promise<T>, ms: number): Promise<T | 'silence'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('silence'), ms)
    pending.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
