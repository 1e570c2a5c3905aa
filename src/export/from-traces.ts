import { readFile } from 'node:fs/promises'
import { parseJson } from '#answers'
import type { Completion, Message } from '#core'
import { BadData } from '../eval/data/read.ts'
import type { Recorded } from '../http/traces/shape.ts'
import { type Group, votedGroup } from './group.ts'

type Get = (path: string) => Promise<unknown>

/** Every request that a running Mull keeps a trace of and that is not merely handed through. */
export async function tracesAt(get: Get): Promise<readonly Recorded[]> {
  const { data } = (await get('/traces')) as { data: readonly Recorded[] }
  return Promise.all(
    data.filter(({ relayed }) => !relayed).map(async ({ id }) => (await get(`/traces/${id}`)) as Recorded),
  )
}

/** Saved traces: one, a list of them, or one a line. Throws BadData. */
export async function tracesIn(file: string): Promise<readonly Recorded[]> {
  const text = await readFile(file, 'utf8')
  const whole = parseJson(text)
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const found = whole === undefined ? lines.map((line) => parseJson(line)) : [whole].flat()
  const traces = found.flatMap((value) => ((value as { data?: unknown })?.data ?? value) as Recorded[])
  if (traces.length === 0 || !traces.every((trace) => Array.isArray(trace?.events)))
    throw new BadData(`${file} is no trace. GET /v1/traces/:id of a running Mull gives one.`)
  return traces
}

/** The samples of each request by its vote. Throws BadData where no trace has any words. */
export function groupsOfTraces(traces: readonly Recorded[]): readonly Group[] {
  const groups = traces.flatMap((trace) => {
    const messages = trace.messages as readonly Message[] | undefined
    const completions = samplesOf(trace)
    return Array.isArray(messages) && completions.length > 0 ? [votedGroup(trace.id, { messages }, completions)] : []
  })
  if (groups.length === 0)
    throw new BadData(
      'None of these traces has a question with samples. A Mull keeps their words with MULL_TRACES=full.',
    )
  return groups
}

/** The samples that came in whole, but for what scorers asked. */
function samplesOf({ events }: Recorded): readonly Completion[] {
  const spans = new Map<string, { parent: string; kind: string; text: string; thinking: string; done: boolean }>()
  for (const event of events) {
    if (event.type === 'span-start')
      spans.set(event.span, { parent: event.parent, kind: event.kind, text: '', thinking: '', done: false })
    const span = spans.get(event.span)
    if (!span) continue
    if (event.type === 'text-delta') span.text += event.text
    if (event.type === 'thinking-delta') span.thinking += event.text
    if (event.type === 'span-end') span.done = event.outcome === 'done'
  }
  const isAside = (span: string): boolean => {
    const { kind, parent } = spans.get(span) ?? {}
    return kind !== undefined && (kind === 'score' || kind === 'probe' || isAside(parent!))
  }
  return [...spans].flatMap(([name, { kind, text, thinking, done }]): Completion[] =>
    kind === 'sample' && done && text !== '' && !isAside(name)
      ? [{ text, finish: 'stop', ...(thinking ? { thinking } : {}) }]
      : [],
  )
}
