import { EventSourceParserStream } from 'eventsource-parser/stream'
import { painter } from './paint.ts'
import { counted, type Progress } from './progress.ts'
import { Refused } from './sending.ts'

type Chunk = {
  readonly error?: unknown
  readonly choices?: readonly { readonly delta?: Delta; readonly message?: Delta }[]
  readonly usage?: { readonly total_tokens?: number } | null
  readonly mull?: { readonly calls?: number; readonly agreement?: number }
}
type Delta = { readonly content?: string | null; readonly reasoning_content?: string; readonly tool_calls?: unknown }

/** The thinking in a low voice on stderr, the answer on stdout, and on a terminal what it took. */
export async function spoken(reply: Response, wanted: boolean | undefined, progress: Progress): Promise<number> {
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
