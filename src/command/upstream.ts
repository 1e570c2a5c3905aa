import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { type Config, readConfig } from '../config/index.ts'
import { within } from '../config/tree.ts'
import { configFile, settingsIn } from '../node/config-file.ts'
import { titlesOf } from '../upstreams.ts'
import { withRightNames } from './names.ts'
import { type Local, localServers } from './search.ts'

export type UpstreamFlags = {
  readonly upstream?: string
  readonly key?: string
  readonly search?: boolean
  readonly config?: string
}

/** The flags of every command that needs a model. */
export const withUpstream = (command: Command): Command =>
  command
    .option('--upstream <url>', 'where the model is, such as http://localhost:8000/v1', address)
    .option('--key <key>', 'the key to ask it with (UPSTREAM_API_KEY keeps it out of the list of processes)')
    .option('--config <path>', 'the configuration file (MULL_CONFIG, mull.config.ts)')
    .option('--no-search', 'do not look for a server on this machine')

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The configuration, and in it where the models are: what the flags say, else the environment, else the configuration
 * file, else a server on this machine, else tiny-r1. Says on stderr which it is and why.
 */
export async function chosenUpstream(flags: UpstreamFlags, environment: Environment = process.env): Promise<Config> {
  const { UPSTREAM_BASE_URL: configured, UPSTREAM_API_KEY: itsKey, ...rest } = environment
  const path = configFile(flags, environment)
  const file = path === undefined ? {} : await settingsIn(path, environment)
  const at = (url: string | undefined, key: string | undefined, settings: unknown = file) =>
    withRightNames(readConfig({ ...rest, UPSTREAM_BASE_URL: url, UPSTREAM_API_KEY: flags.key ?? key }, settings))
  if (flags.upstream !== undefined) {
    const theirs = configured && originOf(configured) !== originOf(flags.upstream)
    // It is asked alone, and what the file says of others is not about it.
    const settings = within(file, ['upstreams'], undefined)
    return told(at(flags.upstream, theirs ? undefined : itsKey, settings), 'as --upstream says')
  }
  const config = at(configured, itsKey)
  if (Object.values(config.upstreams).some(({ url }) => url))
    return told(config, `as ${configured || path === undefined ? 'UPSTREAM_BASE_URL' : basename(path)} says`)
  const search = flags.search === false ? false : config.search
  if (search === false) return told(config, 'nothing is configured, and nothing was searched for')
  const found = await localServers(search === true ? undefined : search)
  const [server, ...others] = found.filter(({ models }) => models.length > 0)
  if (!server)
    return told(
      config,
      [`nothing is configured, and no server on this machine has a model`, ...empty(found)].join('; '),
    )
  // A key that was meant for somebody else is not told to whoever listens there.
  const keyless = within(file, ['upstreams', Object.keys(config.upstreams)[0]!, 'key'], undefined)
  return told(at(server.url, undefined, keyless), [describe(server), ...others.map(also)].join('; '))
}

function told(config: Config, why: string): Config {
  console.error(`Upstream: ${titlesOf(config, 'tiny-r1, the small model built in')} (${why})`)
  return config
}

const describe = ({ name, models }: Local) =>
  `${name} was found there, with ${models.length === 1 ? '1 model' : `${models.length} models`}`
const also = ({ name, url }: Local) => `so was ${name}: --upstream ${url}`
const empty = (found: readonly Local[]) => found.map(({ name, url }) => `${name} at ${url} has none yet`)

/** An address as people write it, with its scheme; or several, as UPSTREAM_BASE_URL takes them. */
export function address(text: string): string {
  const addresses = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(withScheme)
  if (addresses.length === 0 || !addresses.every((url) => URL.canParse(url)))
    throw new InvalidArgumentError('It is no address. One is http://localhost:8000/v1')
  return addresses.join(',')
}

/** Only what stays on this machine goes unencrypted without being told to. */
function withScheme(text: string): string {
  if (/^https?:\/\//.test(text)) return text
  return `${/^(localhost|127\.|\[::1\])/.test(text) ? 'http' : 'https'}://${text}`
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : url)
