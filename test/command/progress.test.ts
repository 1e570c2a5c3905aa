import { describe, expect, test } from 'vitest'
import { painter, table } from '../../src/command/paint.ts'
import { Progress } from '../../src/command/progress.ts'

/** What a terminal was sent. */
function screen(isTTY = true, columns = 80) {
  const sent: string[] = []
  return { isTTY, columns, sent, write: (text: string) => sent.push(text) }
}

/** A clock that stands at what it is told. */
const clock =
  (...times: number[]) =>
  () =>
    times.length > 1 ? times.shift()! : times[0]!

describe('progress', () => {
  test('counts the samples and votes that the story tells of, whichever way it is cut', () => {
    const progress = new Progress(screen(), clock(0, 1500))
    for (const piece of ['Thinking with r1+sc@4.\nSam', 'ple 2: 42.\nSample 1: 41, ', 'scored 0.50.\nSample 4: 42.\n'])
      progress.hear(piece)
    progress.hear('Sample 3: no answer, cut off by the token limit.\nSample 9: not whole')
    expect(progress.line).toBe('1.5 s · 4 samples · 42 ×2, 41 ×1')
  })

  test('gives way to what is said, and waits for the line to end', () => {
    const output = screen()
    const progress = new Progress(output, clock(0))
    progress.draw()
    progress.say('half a ')
    progress.draw()
    progress.say('line\n')
    progress.draw()
    const drawn = '\r\x1b[2K\x1b[2m0.0 s\x1b[22m'
    expect(output.sent).toEqual([drawn, '\r\x1b[2K', 'half a ', 'line\n', drawn])
  })

  test('is never wider than the terminal, and draws nothing on what is none', () => {
    const narrow = screen(true, 12)
    const piped = screen(false)
    for (const output of [narrow, piped]) {
      const progress = new Progress(output, clock(0))
      progress.hear('Sample 1: 42.\n')
      progress.draw()
    }
    expect(narrow.sent.join('')).toContain('0.0 s · 1 …')
    expect(piped.sent).toEqual([])
  })
})

test.each([
  ['a terminal', true, {}, '\x1b[2mx\x1b[22m'],
  ['a pipe', false, {}, 'x'],
  ['NO_COLOR', true, { NO_COLOR: '1' }, 'x'],
  ['an empty NO_COLOR, which is none,', true, { NO_COLOR: '' }, '\x1b[2mx\x1b[22m'],
])('with %s words are painted as they should be', (_, isTTY, env, painted) => {
  expect(painter(screen(isTTY), env)('dim', 'x')).toBe(painted)
})

test('a table lines its columns up, and is cut only on a terminal', () => {
  const rows = [
    ['long name', 'what it does'],
    ['s', 'x'],
  ]
  expect(table(['id', 'text'], rows, screen(false))).toBe('id         text\nlong name  what it does\ns          x\n')
  expect(table(['id', 'text'], rows, screen(true, 15)).split('\n')[1]).toBe('long name  wha…')
})
