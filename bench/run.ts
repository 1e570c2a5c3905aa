/** Prints the figures of the README: `npm run bench`, or `npm run bench -- relay` for one of them. */
import { cpus } from 'node:os'
import { demo } from './demo.ts'
import { events } from './events.ts'
import { gateways } from './gateways.ts'
import { hedge } from './hedge.ts'
import { relay } from './relay.ts'
import { search } from './search.ts'
import { strategies } from './strategies.ts'
import { tiny } from './tiny.ts'

const benches: Record<string, () => Promise<void>> = { tiny, strategies, demo, relay, gateways, search, hedge, events }

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0)
  throw new Error(`There is no bench "${unknown[0]}"; there are ${Object.keys(benches).join(', ')}.`)

console.error(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, shared by load, proxy and upstream`)
for (const [name, bench] of Object.entries(benches)) if (asked.length === 0 || asked.includes(name)) await bench()
