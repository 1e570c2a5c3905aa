import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { ask } from './ask.ts'
import { doctor } from './doctor.ts'
import { evaluation } from './eval.ts'
import { exporting } from './export.ts'
import { key } from './key.ts'
import { models } from './models.ts'
import { explained } from './outcome.ts'
import { serve } from './serve.ts'
import { strategies } from './strategies.ts'
import { tiny } from './tiny.ts'

const examples = `
Examples:
  mull                                            in front of a server found on this machine, else tiny-r1
  mull --upstream http://localhost:8000/v1        in front of vLLM, or any other OpenAI-compatible server
  mull ask "What is 73 × 68?" -m tiny-r1+sc@16    one question, sixteen samples, a vote
  mull eval data.jsonl -m r1 --recipes none,sc@8  what it is worth on your own questions, and what it costs
  mull strategies best-of-n                       what a strategy does, takes and costs
  mull doctor                                     what the upstream can do, and what is missing

"mull <command> --help" has more. A file .env in the working directory is read, too; docs/configuration.md lists every variable.`

const program = new Command('mull')
  .description('A test-time-compute proxy behind the OpenAI API: "model+self-consistency@16" thinks sixteen times.')
  .version(manifest.version, '-v, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .addHelpText('after', examples)
  .showHelpAfterError('"mull --help" lists the commands; "mull <command> --help" shows how each is used.')
  .exitOverride()
for (const add of [serve, ask, evaluation, exporting, models, strategies, doctor, key, tiny]) add(program)

// Who reads only the beginning (`| head`) has what they wanted.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

try {
  if (existsSync('.env')) process.loadEnvFile('.env')
  await program.parseAsync(withCommand(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    console.error(explained(error))
    process.exitCode = 1
  }
}

/** `mull --port 8788` serves, as `mull` does. */
function withCommand(words: readonly string[]): string[] {
  const [first = ''] = words
  const isOurs = ['-h', '--help', '-v', '--version'].includes(first)
  return (first === '' || first.startsWith('-')) && !isOurs ? ['serve', ...words] : [...words]
}
