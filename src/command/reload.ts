import { basename } from 'node:path'
import { messageOf } from '#core'
import type { Config } from '../config/index.ts'
import { whenChanged } from '../node/config-file.ts'
import type { Running } from '../node.ts'

/**
 * Answers by the configuration file as it is now, whenever it has changed. With one that is wrong all stays as it was, and
 * stderr says why.
 */
export function reloadWhenChanged(file: string, { reload }: Running, read: () => Promise<Config>): void {
  let last = Promise.resolve()
  const again = async () => {
    try {
      const later = reload(await read())
      const restart = later.length > 0 ? `; ${later.join(' and ')} only when Mull is started again` : ''
      console.error(`The configuration is now as ${basename(file)} says${restart}.`)
    } catch (error) {
      console.error(`The configuration stays as it was. ${messageOf(error)}`)
    }
  }
  whenChanged(file, () => {
    last = last.then(again)
  })
}
