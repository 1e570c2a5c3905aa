import { existsSync, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '#core'
import { type Definition, type Environment, settingsOf } from '../config/index.ts'
import { findOurselves } from './ourselves.ts'

const names = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `mull.config.${ending}`)

/**
 * Where the configuration file is: the one that is asked for, or the first of the usual names in the working directory;
 * undefined where there is none. Throws an Error if the one asked for is not there.
 */
export function configFile(
  { config }: { readonly config?: string },
  { MULL_CONFIG }: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const asked = config ?? MULL_CONFIG
  if (!asked) return names.map((name) => resolve(name)).find(existsSync)
  if (!existsSync(asked)) throw new Error(`There is no configuration file at ${asked}.`)
  return resolve(asked)
}

/**
 * What a configuration file says, read anew each time; what it imports in its turn is read once. Rejects with an Error
 * that names the file.
 */
export async function settingsIn(file: string, environment: Environment): Promise<unknown> {
  try {
    return settingsOf(await definitionIn(file), environment)
  } catch (error) {
    throw new Error(`${basename(file)}${lineIn(file, error)} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** Where in the file an error is, if that is known; Node says it in the stack alone. */
function lineIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(basename(file))
  const [, line] = at < 0 ? [] : (/^(?:\?\d+)?:(\d+)/.exec(stack.slice(at + basename(file).length)) ?? [])
  return line === undefined ? '' : `, line ${line},`
}

let times = 0

async function definitionIn(file: string): Promise<Definition> {
  if (file.endsWith('.json')) return JSON.parse(await readFile(file, 'utf8'))
  if (times === 0) findOurselves()
  // Bun has a file in there that it has read, whatever its query says.
  delete createRequire(import.meta.url).cache[file]
  const { default: definition } = await import(`${pathToFileURL(file)}?${times++}`)
  if (definition === undefined)
    throw new Error('it has no default export. It begins with export default defineConfig({')
  return definition
}

/** Calls back when a file has changed. It is looked at once a second, which also sees one that is replaced or mounted. */
export function whenChanged(file: string, changed: () => void): void {
  watchFile(file, { interval: 1000, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs && now.mtimeMs > 0) changed()
  })
}
