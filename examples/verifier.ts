/**
 * A verifier for Mull that runs code: Python or JavaScript asserts against the code in a candidate.
 *
 *     node examples/verifier.ts --port 9000
 *     MULL_VERIFY_URL=http://127.0.0.1:9000 npm start
 *
 * and then ask for `model+best-of-n@8(scorer=verify)`.
 *
 * THIS IS NO SANDBOX. It runs what a model wrote as your own user, with a limit on time and memory and no more than that:
 * such code can read your files and use your network. It listens on the loopback address alone. Run it in a container
 * without a network for code that you would not run by hand, and never for strangers.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as z from 'zod'

const request = z.looseObject({ candidate: z.string(), tests: z.array(z.string()).max(100).optional() })

type Reply = { pass?: boolean; score?: number; detail?: string; passed?: boolean[] }
type Language = 'python' | 'javascript'
type Program = { readonly language: Language; readonly code: string }

const timeMs = 5000
const memoryMb = 512
const atOnce = 4

/** Says of a candidate without code nothing at all, which is `{}`. */
export async function verify({ candidate, tests }: z.output<typeof request>): Promise<Reply> {
  const program = codeIn(candidate)
  if (!program) return tests ? { passed: tests.map(() => false), detail: 'There is no code.' } : {}
  if (!tests) {
    const wrong = await run(program)
    return wrong === undefined ? { pass: true } : { pass: false, detail: wrong }
  }
  const found = await Promise.all(tests.map((test) => run({ ...program, code: `${program.code}\n\n${test}\n` })))
  const passed = found.map((wrong) => wrong === undefined)
  const detail = found.find((wrong) => wrong !== undefined)
  const pass = passed.every(Boolean)
  return {
    passed,
    pass,
    score: passed.filter(Boolean).length / Math.max(1, passed.length),
    ...(detail ? { detail } : {}),
  }
}

/** The last block of code in a language that can be run. */
function codeIn(candidate: string): Program | undefined {
  const blocks = [...candidate.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, name = '', code = '']) => {
    const language = languages[name.toLowerCase()]
    return language ? [{ language, code }] : []
  })
  return blocks.at(-1)
}

const languages: Readonly<Record<string, Language>> = {
  python: 'python',
  py: 'python',
  python3: 'python',
  javascript: 'javascript',
  js: 'javascript',
  mjs: 'javascript',
}

/** The program goes in by standard input, so that nothing of it lies on the disk. */
const commands: Readonly<Record<Language, readonly [command: string, ...args: string[]]>> = {
  python: [
    'python3',
    '-I',
    '-c',
    `import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (${memoryMb} << 20, ${memoryMb} << 20))
exec(compile(sys.stdin.read(), 'candidate', 'exec'), {'__name__': '__main__'})`,
  ],
  javascript: [process.execPath, `--max-old-space-size=${memoryMb}`, '--permission', '--input-type=module', '-'],
}

/** What a program says when it has come to its end: one that leaves before its tests has passed none. */
const endings: Readonly<Record<Language, (word: string) => string>> = {
  python: (word) => `\nimport sys as _s; _s.stderr.write('${word}')\n`,
  javascript: (word) => `\nimport assert from 'node:assert/strict'; process.stderr.write('${word}')\n`,
}

let running = 0
const waiting: (() => void)[] = []

/** Undefined if it ends well, else what went wrong. */
async function run({ language, code }: Program): Promise<string | undefined> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await exitOf(language, code)
  } finally {
    running--
    waiting.shift()?.()
  }
}

function exitOf(language: Language, code: string): Promise<string | undefined> {
  const [command, ...args] = commands[language]
  const word = randomUUID()
  return new Promise((resolve) => {
    // A group of its own, so that what it starts ends with it; and none of our environment, where keys may be.
    const child = spawn(command, args, {
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    let said = ''
    let late = false
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
    const timer = setTimeout(() => {
      late = true
      end()
    }, timeMs)
    child.stderr.on('data', (bytes) => {
      said = (said + bytes).slice(-4000)
    })
    child.stdin.on('error', () => {})
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve(`${command} could not be started: ${error.message}`)
    })
    child.on('exit', () => end())
    child.on('close', (status) => {
      clearTimeout(timer)
      if (late) resolve(`It did not end within ${timeMs / 1000} s.`)
      else if (status === 0) resolve(said.endsWith(word) ? undefined : 'It ended before its end.')
      else resolve(lastLine(said) || `It ended with ${status ?? 'a signal'}.`)
    })
    child.stdin.end(code + endings[language](word))
  })
}

/** The line that names the error; Node says its own version behind it. */
const lastLine = (said: string) =>
  said
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => /^\w*(?:Error|Exception|Interrupt)\b/.test(line)) ?? ''

/** Listens on the loopback address alone. */
export function startVerifier(port: number): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    const answer = (status: number, body: object) =>
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    try {
      const asked = request.safeParse(JSON.parse(await text(incoming)))
      if (asked.success) answer(200, await verify(asked.data))
      else answer(400, { error: asked.error.issues[0]!.message })
    } catch {
      answer(400, { error: 'The body is not JSON.' })
    }
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '9000' } } })
  await startVerifier(Number(values.port))
  console.error(`Verifying on http://127.0.0.1:${values.port}, without a sandbox`)
}
