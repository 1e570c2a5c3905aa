import { edge } from './edge.ts'
import { demoTransport } from './engine.ts'

/** The Worker, small: what answers without UPSTREAM_BASE_URL is a simulation. */
export default edge({ title: 'demo (a simulation)', transport: demoTransport })
