import type { Command } from 'commander'
import { readConfig } from '../config/index.ts'
import { startTiny } from '../node.ts'
import { curl, listeningAs, stopOnSignals, withListening } from './serve.ts'

const examples = `
Examples:
  mull tiny --port 9000                     an OpenAI-compatible server with a small reasoning model
  mull --upstream http://127.0.0.1:9000     Mull in front of it`

/** `mull tiny` */
export function tiny(program: Command): void {
  withListening(program.command('tiny'))
    .description('serve tiny-r1 alone, without the proxy')
    .addHelpText('after', examples)
    .action(async (flags) => {
      const listening = await startTiny(readConfig(listeningAs(flags)))
      stopOnSignals(listening)
      process.stdout.write(`tiny-r1 listens on ${listening.url}\nTry:\n  ${curl(listening.url, 'tiny-r1')}\n`)
    })
}
