import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { firstListed } from './first-listed.ts'
import { count } from './numbers.ts'
import { Progress } from './progress.ts'
import { Refused, sendHere, sendTo } from './sending.ts'
import { spoken } from './spoken.ts'
import { address, type UpstreamFlags, withUpstream } from './upstream.ts'

type Flags = UpstreamFlags & {
  readonly model?: string
  readonly url?: string
  readonly system?: string
  readonly calls?: number
  readonly json?: true
  readonly thinking?: boolean
}

const examples = `
Examples:
  mull ask "What is 73 × 68?"                            the first model that the upstream lists
  mull ask "What is 73 × 68?" -m tiny-r1+sc@16           sixteen samples, a vote
  mull ask "Prove it." -m "qwen3+bon@8(scorer=judge)"    brackets mean something to most shells: quote them
  git diff | mull ask - --system "Review this diff." -m r1+self-refine
  mull ask "What is 73 × 68?" -m r1+sc@16 --json | jq .mull.votes
  mull ask "What is 73 × 68?" --url http://127.0.0.1:8787    a Mull that runs already

The answer goes to stdout; the thinking, and on a terminal the progress, to stderr. Exit codes: 0 answered, 1 failed, 2 not
understood.`

/** `mull ask` */
export function ask(program: Command): void {
  const command = withUpstream(program.command('ask'))
  command
    .description('ask one question, and print the answer as it is said')
    .argument('[question...]', 'the question; "-", or nothing where something is piped in, reads it from stdin')
    .option(
      '-m, --model <name>',
      'a model with or without a recipe, such as deepseek-r1+sc@16 (default: the first listed)',
    )
    .option('--system <text>', 'a system message before the question')
    .option('--calls <number>', 'how many completions may be drawn for it, before the best so far must do', count)
    .option('--url <url>', 'ask a Mull that runs already; --key is then its key', address)
    .option('--json', 'print the whole response object')
    .option('--thinking', 'show the thinking (default: where stderr is a terminal)')
    .option('--no-thinking', 'do not show it')
    .addHelpText('after', examples)
    .action(async (words: string[], flags: Flags) => {
      const question = await questionIn(words)
      if (question === undefined)
        command.error('error: There is no question. mull ask "What is 73 × 68?"', { exitCode: 2 })
      else process.exitCode = await answered(question, flags)
    })
}

async function questionIn(words: readonly string[]): Promise<string | undefined> {
  const given = words.join(' ')
  const piped = given === '-' || (given === '' && !process.stdin.isTTY)
  return (piped ? await text(process.stdin) : given).trim() || undefined
}

/** Resolves to the exit code. */
async function answered(question: string, flags: Flags): Promise<number> {
  const progress = new Progress(process.stderr)
  const send = flags.url === undefined ? await sendHere(flags, progress) : sendTo(flags.url, flags.key)
  const ticking = setInterval(() => progress.draw(), 100)
  try {
    const model = flags.model ?? (await firstListed(send))
    const messages = [
      ...(flags.system === undefined ? [] : [{ role: 'system', content: flags.system }]),
      { role: 'user', content: question },
    ]
    const streamed = { stream: true, stream_options: { include_usage: true } }
    const budget = flags.calls === undefined ? {} : { budget: { calls: flags.calls } }
    const mull = { ...budget, ...(flags.json ? {} : { think: 'reasoning_content' }) }
    const ours = Object.keys(mull).length > 0 ? { mull } : {}
    const reply = await send('/chat/completions', { model, messages, ...(flags.json ? {} : streamed), ...ours })
    if (!reply.ok) throw new Refused(await reply.json().catch(() => undefined), reply.status)
    return flags.json ? await printed(reply, progress) : await spoken(reply, flags.thinking, progress)
  } catch (error) {
    progress.endLine()
    progress.say(`${error instanceof Error ? error.message : error}\n`)
    return error instanceof Refused && error.code === 'invalid_recipe' ? 2 : 1
  } finally {
    clearInterval(ticking)
    progress.clear()
  }
}

async function printed(reply: Response, progress: Progress): Promise<number> {
  const response = await reply.json()
  progress.say(`${JSON.stringify(response, null, 2)}\n`, process.stdout)
  return 0
}
