import definition from '../mull.config.ts'
import { openShard } from './edge/shards.ts'
import { edge } from './edge.ts'
import { demoTransport } from './servers.ts'

export { MullShard } from './edge/shards.ts'
export { MullState } from './state/object.ts'

/** The Worker, small: what answers without UPSTREAM_BASE_URL is a simulation. */
export default edge({ title: 'demo (a simulation)', transport: demoTransport, definition, openShard })
