import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { exporting } from '../../src/command/export.ts'
import { inProcess } from '../helpers/command.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { Place } from './running.ts'

/** What TRL documents: prompt-completion, preference, and prompt-only with further columns, all conversational. */
const message = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
  reasoning_content: z.string().optional(),
  thinking: z.string().optional(),
})
const messages = z.array(message).min(1)
const said = messages.length(1).refine(([one]) => one!.role === 'assistant')
const schemas = {
  sft: z.strictObject({ prompt: messages, completion: said }),
  dpo: z.strictObject({ prompt: messages, chosen: said, rejected: said }),
  grpo: z
    .strictObject({
      prompt: messages,
      answer: z.string().optional(),
      samples: z.array(said),
      rewards: z.array(z.number()),
      advantages: z.array(z.number()),
    })
    .refine(
      ({ samples, rewards, advantages }) =>
        new Set([samples, rewards, advantages].map(({ length }) => length)).size === 1,
    ),
}

let upstream: Upstream
let place: Place
beforeAll(async () => {
  const answers: Record<string, readonly string[]> = {
    mixed: ['It is 4.', 'It is 3.', 'It is surely 4, as four it must be.', 'It is 4.'],
    easy: ['4', '4', '4', '4'],
    hard: ['3', '2', '1', '0'],
  }
  upstream = await startUpstream(({ json }) => ({
    choices: answers[String(json!.messages!.at(-1)!.content)]!.map((text) => ({ text, thinking: 'Hm.' })),
  }))
  place = new Place().write(...Object.keys(answers).map((question) => ({ question, answer: '4' })))
  await place.run(['--recipes', 'sc@4'], { UPSTREAM_BASE_URL: upstream.url })
})
afterAll(async () => {
  place[Symbol.dispose]()
  await upstream.close()
})

async function exported(format: keyof typeof schemas, ...flags: readonly string[]) {
  const { code, out, err } = await inProcess(exporting, ['export', 'eval', place.out, '--format', format, ...flags])
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  for (const line of lines) schemas[format].parse(line)
  return { code, err, lines }
}

describe('mull export eval', () => {
  test('sft: the shortest right sample of each question, think and answer apart', async () => {
    const { code, lines, err } = await exported('sft')
    expect(code).toBe(0)
    expect(lines.map(({ completion }) => completion[0])).toEqual([
      { role: 'assistant', content: 'It is 4.', reasoning_content: 'Hm.' },
      { role: 'assistant', content: '4', reasoning_content: 'Hm.' },
    ])
    expect(err).toContain('2 lines from 3 questions.')
  })

  test('sft: what is word for word the same is one example', async () => {
    const { lines } = await exported('sft', '--most', '9')
    expect(lines.map(({ completion }) => completion[0].content)).toEqual([
      'It is 4.',
      'It is surely 4, as four it must be.',
      '4',
    ])
  })

  test.each([
    ['tags', { role: 'assistant', content: '<think>\nHm.\n</think>\n\nIt is 4.' }],
    ['thinking', { role: 'assistant', content: 'It is 4.', thinking: 'Hm.' }],
    ['none', { role: 'assistant', content: 'It is 4.' }],
  ])('--think %s', async (form, expected) => {
    const { lines } = await exported('sft', '--think', form)
    expect(lines[0].completion).toEqual([expected])
  })

  test('dpo: right against wrong, no sample in two pairs', async () => {
    const { lines } = await exported('dpo', '--most', '9')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      prompt: [{ role: 'user', content: 'mixed' }],
      chosen: [{ content: 'It is 4.' }],
      rejected: [{ content: 'It is 3.' }],
    })
  })

  test('grpo: the whole group with rewards and advantages, where there is something to learn', async () => {
    const { lines } = await exported('grpo')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ answer: '4', rewards: [1, 0, 1, 1] })
    const { advantages } = lines[0] as { advantages: number[] }
    expect(advantages.reduce((sum, one) => sum + one)).toBeCloseTo(0)
    expect(advantages[1]).toBeCloseTo(-Math.sqrt(3))
  })

  test('--by votes needs no truth, and --min-agreement leaves out what the samples do not agree on', async () => {
    const { lines } = await exported('sft', '--by', 'votes')
    expect(lines).toHaveLength(3)
    expect((await exported('sft', '--by', 'votes', '--min-agreement', '0.7')).lines).toHaveLength(2)
    expect((await exported('sft', '--by', 'votes', '--min-agreement', '1')).lines).toHaveLength(1)
  })

  test('--out writes a file', async () => {
    const file = join(place.path, 'sft.jsonl')
    const { lines } = await exported('sft', '--out', file)
    expect(lines).toEqual([])
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('nothing to export is said, with what to do', async () => {
    const { code, err } = await exported('dpo', '--min-agreement', '1')
    expect(code).toBe(1)
    expect(err).toContain('No question has both right and wrong samples')
  })

  test('a folder without an evaluation is no source', async () => {
    const { code, err } = await inProcess(exporting, ['export', 'eval', place.path, '--format', 'sft'])
    expect(code).toBe(1)
    expect(err).toContain('There is no evaluation in')
  })
})

describe('mull export traces', () => {
  const span = (name: string, kind: string, parent: string, text: string, outcome = 'done') => [
    { type: 'span-start', span: name, parent, kind, name, at: 1, tail: false },
    ...(text ? [{ type: 'thinking-delta', span: name, text: 'Hm.', tail: false, at: 2 }] : []),
    ...(text ? [{ type: 'text-delta', span: name, text, tail: false, at: 2 }] : []),
    { type: 'span-end', span: name, outcome, at: 3 },
  ]
  const trace = {
    id: 't1',
    model: 'r1+sc@3',
    relayed: false,
    messages: [{ role: 'user', content: 'What is 2 + 2?' }],
    events: [
      ...span('/s', 'strategy', '', ''),
      ...span('/s/a', 'sample', '/s', 'It is 4.'),
      ...span('/s/b', 'sample', '/s', 'It is 3.'),
      ...span('/s/c', 'sample', '/s', '4'),
      ...span('/s/d', 'sample', '/s', 'It is', 'cancelled'),
      ...span('/s/j', 'score', '/s', ''),
      ...span('/s/j/m', 'sample', '/s/j', 'It is 3, I judge.'),
    ],
  }

  test('reads saved ones: what was cancelled, and what a judge said, are no samples', async () => {
    const file = join(place.path, 'trace.json')
    writeFileSync(file, JSON.stringify(trace))
    const { out, code } = await inProcess(exporting, ['export', 'traces', file, '--format', 'grpo'])
    expect(code).toBe(0)
    expect(schemas.grpo.parse(JSON.parse(out))).toMatchObject({ rewards: [1, 0, 1] })
  })

  test('reads those of a running Mull', async () => {
    const json = (body: object) => ({ headers: { 'content-type': 'application/json' }, chunks: [JSON.stringify(body)] })
    upstream.routes['GET /v1/traces'] = json({
      data: [
        { ...trace, events: undefined },
        { id: 'r', relayed: true },
      ],
    })
    upstream.routes['GET /v1/traces/t1'] = json(trace)
    const { out } = await inProcess(exporting, ['export', 'traces', upstream.url, '--format', 'dpo'])
    expect(schemas.dpo.parse(JSON.parse(out))).toMatchObject({ rejected: [{ content: 'It is 3.' }] })
  })

  test('without words they are no use, and it says how to keep them', async () => {
    const file = join(place.path, 'bare.json')
    writeFileSync(file, JSON.stringify({ ...trace, messages: undefined }))
    const { code, err } = await inProcess(exporting, ['export', 'traces', file, '--format', 'sft'])
    expect(code).toBe(1)
    expect(err).toContain('MULL_TRACES=full')
  })
})
