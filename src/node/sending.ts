import type { HttpBindings } from '@hono/node-server'
import type { Watching } from '../http/watching/watch.ts'

/** On Node a reply is out, or nobody waits for it any more, when its side of the connection is done with. */
export const sending: Watching['sending'] = (_, env, sent) => {
  const { outgoing } = env as HttpBindings
  outgoing.on('close', () =>
    sent({ status: outgoing.headersSent ? outgoing.statusCode : undefined, whole: outgoing.writableFinished }),
  )
  return { reply: (response) => response, keep: () => {} }
}
