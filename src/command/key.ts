import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { hashLine } from '../keys/digest.ts'
import { sha256 } from '../node/sha256.ts'

const examples = `
Examples:
  mull key                       a new key: give the first line to the client, configure the second
  MULL_API_KEYS=sha256:… mull    who reads the configuration cannot use the key`

/** `mull key` */
export function key(program: Command): void {
  program
    .command('key')
    .description('make an API key for clients, and the hash of it to configure')
    .option('--json', 'print it as JSON')
    .addHelpText('after', examples)
    .action(async ({ json }: { readonly json?: boolean }) => {
      const key = `mull-${randomBytes(24).toString('base64url')}`
      const hash = hashLine(await sha256(key))
      process.stdout.write(json ? `${JSON.stringify({ key, hash })}\n` : `${key}\n${hash}\n`)
    })
}
