import { text } from 'node:stream/consumers'
import { type Command, InvalidArgumentError } from 'commander'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { answers, mullHere } from './here.ts'
import { painter } from './paint.ts'
import { counted, Progress } from './progress.ts'
import { address, chosenUpstream, type UpstreamFlags, withUpstream } from './upstream.ts'

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

function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is no whole number above 0.')
}

async function questionIn(words: readonly string[]): Promise<string | undefined> {
  const given = words.join(' ')
  const piped = given === '-' || (given === '' && !process.stdin.isTTY)
  return (piped ? await text(process.stdin) : given).trim() || undefined
}

type Send = (path: string, body?: object) => Promise<Response>

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
    return flags.json ? await printed(reply, progress) : await spoken(reply, flags, progress)
  } catch (error) {
    progress.endLine()
    progress.say(`${error instanceof Error ? error.message : error}\n`)
    return error instanceof Refused && error.code === 'invalid_recipe' ? 2 : 1
  } finally {
    clearInterval(ticking)
    progress.clear()
  }
}

async function sendHere(flags: Flags, progress: Progress): Promise<Send> {
  const { app } = mullHere(await chosenUpstream(flags), (ledger) => {
    progress.ledger = ledger
  })
  return async (path, body) => app.fetch(requestTo(`http://mull/v1${path}`, body))
}

function sendTo(url: string, key: string | undefined): Send {
  const base = url.replace(/\/+$/, '').replace(/\/v1$/, '')
  return async (path, body) => {
    try {
      return await fetch(requestTo(`${base}/v1${path}`, body, key))
    } catch (error) {
      throw new Error(`Nothing answers at ${base}: "mull" starts one there, or leave --url out.`, { cause: error })
    }
  }
}

const requestTo = (url: string, body?: object, key?: string) =>
  new Request(url, {
    headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })

async function firstListed(send: Send): Promise<string> {
  const reply = await send('/models')
  const body = (await reply.json().catch(() => undefined)) as Listed | undefined
  if (!reply.ok) throw new Refused(body, reply.status)
  const plain = (body?.data ?? []).filter(({ mull }) => mull?.strategy === undefined).map(({ id }) => id)
  const model = plain.find(answers)
  if (model === undefined) throw new Error('No model is listed there; -m names one.')
  return model
}

type Listed = { readonly data?: readonly { readonly id: string; readonly mull?: { readonly strategy?: string } }[] }

/** An error in OpenAI's form. */
class Refused extends Error {
  readonly code: string | undefined
  constructor(body: unknown, status?: number) {
    const { error } = (body ?? {}) as { error?: { message?: string; code?: string } | string }
    const { message, code } = typeof error === 'string' ? { message: error } : ((error ?? {}) as Partial<Refused>)
    super(message ?? `The answer is an error${status ? ` (HTTP ${status})` : ''} that says nothing.`)
    this.code = code
  }
}

async function printed(reply: Response, progress: Progress): Promise<number> {
  const response = await reply.json()
  progress.say(`${JSON.stringify(response, null, 2)}\n`, process.stdout)
  return 0
}

type Chunk = {
  readonly error?: unknown
  readonly choices?: readonly { readonly delta?: Delta; readonly message?: Delta }[]
  readonly usage?: { readonly total_tokens?: number } | null
  readonly mull?: { readonly calls?: number; readonly agreement?: number }
}
type Delta = { readonly content?: string | null; readonly reasoning_content?: string; readonly tool_calls?: unknown }

/** The thinking in a low voice on stderr, the answer on stdout, and on a terminal what it took. */
async function spoken(reply: Response, { thinking: wanted }: Flags, progress: Progress): Promise<number> {
  const { stdout, stderr } = process
  const shows = wanted ?? stderr.isTTY === true
  const paint = painter(stderr)
  let answer = ''
  let thought = false
  let last: Chunk = {}
  for await (const chunk of chunksOf(reply)) {
    if (chunk.error !== undefined) throw new Refused(chunk)
    const { content, reasoning_content: thinking } = chunk.choices?.[0]?.delta ?? {}
    if (thinking) {
      progress.hear(thinking)
      if (shows) progress.say(dimmed(thinking))
      thought ||= shows
    }
    if (content) {
      if (answer === '' && thought) {
        progress.endLine()
        progress.say('\n')
      }
      progress.say(content, stdout)
      answer += content
    }
    last = { ...last, ...chunk }
  }
  if (answer !== '' && !answer.endsWith('\n')) progress.say('\n', stdout)
  progress.endLine()
  if (answer.trim() === '') throw new Error('The model gave no answer. --json shows the whole response.')
  if (stderr.isTTY) progress.say(`${paint('dim', [progress.line, ...took(last, progress)].join(' · '))}\n`)
  return 0

  /** Line by line, so that no line of the terminal is left dim by a word that never came. */
  function dimmed(thinking: string): string {
    return thinking.replace(/[^\n]+/g, (line) => paint('dim', line))
  }
}

/** What only the end of the stream tells. */
function took({ usage, mull }: Chunk, { ledger }: Progress): string[] {
  const tokens = usage?.total_tokens
  return [
    ...(ledger
      ? []
      : [...(mull?.calls ? [counted(mull.calls, 'call')] : []), ...(tokens ? [counted(tokens, 'token')] : [])]),
    ...(mull?.agreement === undefined ? [] : [`agreement ${Math.round(mull.agreement * 100)} %`]),
  ]
}

async function* chunksOf({ body }: Response): AsyncGenerator<Chunk> {
  const events = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  for await (const { data } of events) {
    if (data === '[DONE]') return
    yield JSON.parse(data) as Chunk
  }
  throw new Error('The answer broke off.')
}
