import { mainOf, titleOf } from '../../src/config/index.ts'
import { edge } from '../../src/edge.ts'
import { demoTransport } from '../../src/servers.ts'
import { recorder } from './watcher.ts'

/** The Worker, watched: what was seen of each request is posted to the upstream at /seen. */
export default edge({
  definition: {},
  title: 'demo (a simulation)',
  transport: demoTransport,
  watchers: (config) => [
    recorder(async (seen) => {
      await fetch(`${titleOf(mainOf(config))}/seen`, { method: 'POST', body: JSON.stringify(seen) })
    }),
  ],
})
