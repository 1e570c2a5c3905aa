import { ask, chatOf } from './ask.ts'
import { startMull } from './mull.ts'
import { assert, type Promised } from './promised.ts'
import { startUpstream } from './upstream.ts'

const [ours, theirs] = ['sk-of-the-client-1234', 'sk-of-the-upstream-5678']

export const secrets: readonly Promised[] = [
  {
    promise: 'keys: the client’s never goes up, the upstream’s never comes down, neither is logged',
    async hold() {
      await using upstream = await startUpstream()
      await using mull = await startMull(upstream.url, {
        UPSTREAM_API_KEY: theirs,
        MULL_API_KEYS: ours,
        UPSTREAM_TIMEOUT_MS: '300',
      })
      const headers = { authorization: `Bearer ${ours}`, 'x-api-key-of-mull': 'no' }
      let said = ''
      for (const fault of [undefined, 'status 500', 'garbage', 'hang', 'reset in the reply'] as const)
        for (const model of ['m', 'm+sc@2', 'm+nonsense', 'm\u0000']) {
          upstream.fault = () => fault
          const { status, headers: back, body } = await ask(mull.url, { body: chatOf(model, 'q'), headers })
          said += JSON.stringify(back) + body
          assert(status !== 401, 'the right key was refused')
          assert(
            upstream.headers.authorization === undefined || upstream.headers.authorization === `Bearer ${theirs}`,
            'another key went up',
          )
          assert(!JSON.stringify(upstream.headers).includes(ours), 'the client’s key went up')
        }
      for (const wrong of ['', 'Bearer', 'Bearer x', `Bearer ${ours}x`, `Basic ${ours}`, `Bearer ${theirs}`]) {
        const { status, body } = await ask(mull.url, { body: chatOf('m', 'q'), headers: { authorization: wrong } })
        assert(status === 401, `${status} for "${wrong}"`)
        said += body
      }
      for (const key of [ours, theirs]) assert(!(said + mull.log()).includes(key), `${key} was told`)
      return 'none told'
    },
  },
  {
    promise: 'what a client sends makes no header and no line of the log',
    async hold() {
      await using upstream = await startUpstream()
      await using mull = await startMull(upstream.url)
      for (const name of ['m\r\nx-injected: 1+sc@2', 'm\ud800+sc@2', 'm\u001b[31m+sc@2', '模型+sc@2', 'm\u0000+sc@2']) {
        const { status, headers, body } = await ask(mull.url, { body: chatOf(name, 'q') })
        assert(status < 500, `${status}: ${body}`)
        assert(headers['x-injected'] === undefined, 'a header was made')
      }
      assert(mull.log() === '', `it logged: ${mull.log()}`)
      return 'none'
    },
  },
]
