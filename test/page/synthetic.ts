import type { Happened } from '../../src/http/traces/shape.ts'

/** Events of searches too large to be waited for, in the form in which they are recorded. */
const start = Date.UTC(2026, 0, 1)

type Told = Happened extends infer One ? (One extends Happened ? Omit<One, 'at'> : never) : never

class Writing {
  readonly events: Happened[] = []

  tell(ms: number, event: Told): void {
    this.events.push({ ...event, at: start + ms } as Happened)
  }

  begin(ms: number, span: string, kind: 'request' | 'strategy' | 'sample' | 'score'): void {
    const parent = span.slice(0, span.lastIndexOf('/'))
    const name = span.slice(span.lastIndexOf('/') + 1).replace(/\.\d+$/, '')
    this.tell(ms, { type: 'span-start', span, parent, kind, name, tail: false })
  }

  end(ms: number, span: string, outcome: 'done' | 'failed' | 'cancelled' = 'done'): void {
    this.tell(ms, { type: 'span-end', span, outcome })
  }
}

const root = '/request.0'

/** A vote of `n` samples over `answers`, of which the last two are cancelled and one fails. */
export function vote(n: number, answers: readonly string[]): Happened[] {
  const story = new Writing()
  const strategy = `${root}/self-consistency.0`
  story.begin(0, root, 'request')
  story.begin(0, strategy, 'strategy')
  const spans = Array.from({ length: n }, (_, sample) => `${strategy}/m.${sample}`)
  for (const span of spans) story.begin(1, span, 'sample')
  const voters = answers.map((): string[] => [])
  for (const [sample, span] of spans.entries()) {
    const ms = 400 + sample * 40
    if (sample >= n - 2) story.end(ms, span, 'cancelled')
    else if (sample === 5) story.end(ms, span, 'failed')
    else {
      const at = sample % 3 === 0 ? sample % answers.length : 0
      const answer = answers[at]!
      story.tell(ms, { type: 'text-delta', span, text: `The answer is ${answer}.`, tail: false })
      story.tell(ms, { type: 'usage', span, usage: { input: 1, output: 99 } })
      story.end(ms, span)
      story.tell(ms, {
        type: 'note',
        span: strategy,
        text: `Sample ${sample + 1}: ${answer}.`,
        data: { sample, span, answer },
      })
      voters[at]!.push(span)
    }
  }
  const ranked = answers
    .map((answer, at) => ({ answer, spans: voters[at]! }))
    .filter(({ spans }) => spans.length > 0)
    .sort((a, b) => b.spans.length - a.spans.length)
  const votes = ranked.map(({ answer, spans }) => ({ answer, count: spans.length, weight: spans.length }))
  const heard = n - 3
  const ms = 500 + n * 40
  story.tell(ms, {
    type: 'votes',
    span: strategy,
    votes: { votes, abstained: 0, agreement: votes[0]!.count / heard },
    voters: ranked.map(({ spans }) => spans),
  })
  story.tell(ms, { type: 'text-delta', span: strategy, text: `The answer is ${votes[0]!.answer}.`, tail: true })
  story.end(ms, strategy)
  story.end(ms, root)
  return story.events
}

/** A tree of `n` nodes, each with up to three children, every third of them not followed. */
export function tree(n: number): Happened[] {
  const story = new Writing()
  const strategy = `${root}/beam-search.0`
  story.begin(0, root, 'request')
  story.begin(0, strategy, 'strategy')
  const open = [0]
  for (let node = 1; node <= n; ) {
    const parent = open.shift()!
    for (let child = 0; child < 3 && node <= n; child++, node++) {
      const span = `${strategy}/m.${node}`
      const pruned = child === 2
      const score = ((node * 37) % 100) / 100
      story.begin(node * 30, span, 'sample')
      story.tell(node * 30 + 20, { type: 'text-delta', span, text: `Step ${node}.`, tail: false })
      story.end(node * 30 + 20, span)
      story.tell(node * 30 + 25, {
        type: 'note',
        span: strategy,
        text: '',
        data: { node, parent, score, span, ...(pruned ? { pruned } : {}) },
      })
      if (!pruned) open.push(node)
    }
  }
  const ms = n * 30 + 100
  story.end(ms, strategy)
  story.end(ms, root)
  return story.events
}
