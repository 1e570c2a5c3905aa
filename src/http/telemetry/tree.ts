import { type Event, type SpanKind as Kind, MullError, messageOf, type Usage } from '#core'
import { type SpanData, SpanKind, type Value } from './otlp.ts'
import type { Provider } from './provider.ts'

type Node = {
  readonly start: Extract<Event, { type: 'span-start' }>
  readonly attributes: Record<string, Value | undefined>
  end?: Extract<Event, { type: 'span-end' }>
  text: string
}

/** What the spans of one execution are called and say of themselves, with the GenAI conventions' names. */
export class Tree {
  readonly #nodes = new Map<string, Node>()
  readonly #provider: Provider
  readonly #content: boolean

  constructor(provider: Provider, content: boolean) {
    this.#provider = provider
    this.#content = content
  }

  hear(event: Event): void {
    if (event.type === 'span-start') {
      const { span, kind, name } = event
      this.#nodes.set(span, { start: event, attributes: { ...this.#own(kind, name) }, text: '' })
      return
    }
    const node = this.#nodes.get(event.span)
    if (!node) return
    const { attributes } = node
    if (event.type === 'span-end') node.end = event
    else if (event.type === 'usage') Object.assign(attributes, usageAttributes(event.usage))
    else if (event.type === 'banked') attributes['mull.banked'] = true
    else if (event.type === 'opinion') {
      attributes['mull.score'] = event.score
      attributes['mull.pass'] = event.pass
    } else if (event.type === 'votes') {
      attributes['mull.agreement'] = event.votes.agreement
      attributes['mull.answers'] = event.votes.votes.length
    } else if (event.type === 'text-delta' && this.#content) node.text += event.text
  }

  /** The outermost one becomes `workflow`. */
  spans(
    place: (path: string, parent: string) => Pick<SpanData, 'traceId' | 'spanId' | 'parentSpanId'>,
    workflow: { readonly name: string; readonly attributes: SpanData['attributes'] },
    now: number,
  ): SpanData[] {
    return [...this.#nodes.values()].map(({ start, end, attributes, text }) => {
      const { span, parent, kind, name, at } = start
      const { outcome = 'cancelled', error, at: ended = now } = end ?? {}
      const said = kind === 'sample' && text ? { 'gen_ai.output.messages': messagesOf(text) } : {}
      return {
        ...place(span, parent),
        name: kind === 'request' ? workflow.name : nameOf(kind, name),
        kind: kind === 'sample' ? SpanKind.client : SpanKind.internal,
        start: at,
        end: ended,
        attributes: {
          ...attributes,
          ...said,
          ...(kind === 'request' ? workflow.attributes : {}),
          'mull.outcome': outcome,
          'error.type': outcome === 'failed' ? codeOf(error) : undefined,
        },
        error: outcome === 'failed' ? messageOf(error) : undefined,
      }
    })
  }

  #own(kind: Kind, name: string): Record<string, Value | undefined> {
    if (kind !== 'sample') return { [`mull.${kind}`]: kind === 'request' ? undefined : name }
    return { ...chatAttributes(this.#provider, name) }
  }
}

export const chatAttributes = ({ name, address }: Provider, model: string | undefined) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': name,
  'gen_ai.request.model': model,
  'server.address': address,
})

export const usageAttributes = ({ input, output, reasoning, cached, cost }: Usage) => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
  'gen_ai.usage.reasoning.output_tokens': reasoning,
  'gen_ai.usage.cache_read.input_tokens': cached,
  'mull.cost': cost,
})

const nameOf = (kind: Kind, name: string) =>
  kind === 'sample' ? `chat ${name}` : kind === 'strategy' ? name : `${kind} ${name}`

const messagesOf = (content: string) => JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content }] }])

const codeOf = (error: unknown) => (error instanceof MullError ? error.code : 'internal_error')
