import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Search } from '../search/search.ts'
import { lasted, type Span } from '../search/span.ts'
import { Markdown } from '../words/markdown.tsx'
import { counted, score, time } from '../words/numbers.ts'
import { colour, groupsBySpan, letter } from './palette.ts'
import type { Pick } from './picks.ts'

type Props = { search: Search; now: number; picked: Pick; close: () => void }

/** What was picked out of a picture, to be read: its words, how it was scored, how it ended. */
export function Reading({ search, now, picked, close }: Props): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | SVGElement | null
    heading.current?.focus()
    return () => before?.focus()
  }, [picked])
  useLayoutEffect(() => {
    const leave = ({ key }: KeyboardEvent) => key === 'Escape' && close()
    addEventListener('keydown', leave)
    return () => removeEventListener('keydown', leave)
  }, [close])

  const node = typeof picked === 'number' ? search.nodes.find((one) => one.node === picked) : undefined
  const span = search.spans.get(typeof picked === 'string' ? picked : (node?.span ?? ''))
  const group = span && groupsBySpan(search).get(span.id)
  const number = span && search.numberOf(span.id)
  const title = node ? `Node ${node.node}` : picked === 0 ? 'The question' : nameOf(span, number)
  const found = node?.score ?? span?.score?.value
  return (
    <aside class="reading" aria-label="What was picked">
      <header>
        <h3 tabIndex={-1} ref={heading}>
          {group && (
            <span class={`letter ${colour(group)}`} aria-hidden="true">
              {letter(group.place)}
            </span>
          )}
          {title}
          {group && <span class="quiet"> answers {group.answer}</span>}
        </h3>
        <button type="button" class="plain" onClick={close} aria-label="Close">
          ×
        </button>
      </header>
      <dl class="facts">
        {found !== undefined && <Fact name="Score">{score(found)}</Fact>}
        {node?.pruned && <Fact name="Followed">no</Fact>}
        {span && <Fact name="Time">{time(lasted(span, now))}</Fact>}
        {span?.usage && <Fact name="Tokens">{counted(span.usage.input + span.usage.output, 'token')}</Fact>}
        {span && <Fact name="End">{span.outcome ?? 'still running'}</Fact>}
      </dl>
      {span?.error && <p class="failure">{span.error}</p>}
      {span?.score?.detail && (
        <blockquote>
          <small>What the scorer said</small>
          {span.score.detail}
        </blockquote>
      )}
      <Words span={span} text={node?.text} />
    </aside>
  )
}

function Words({ span, text }: { span: Span | undefined; text: string | undefined }): JSX.Element {
  const said = span?.kind === 'sample' ? span : span?.children.find(({ kind }) => kind === 'sample')
  if (text && !said?.text) return <Markdown text={text} />
  if (!said?.thinking && !said?.text) return <p class="quiet">{nothing(span)}</p>
  return (
    <>
      {said.thinking && (
        <details open={!said.text}>
          <summary>Thinking</summary>
          <p class="thought">{said.thinking}</p>
        </details>
      )}
      {said.text && <Markdown text={said.text} />}
    </>
  )
}

const nothing = (span: Span | undefined): string => {
  if (!span) return 'The search began here.'
  return span.end === undefined
    ? 'Nothing was said yet.'
    : 'There are no words to read: none were said, or none are kept.'
}

const nameOf = (span: Span | undefined, number: number | undefined): string => {
  if (span?.kind === 'score') return `Scoring by ${span.name}`
  if (span?.kind === 'probe') return `Finding out: ${span.name}`
  return number === undefined ? `A sample of ${span?.name ?? 'the model'}` : `Sample ${number}`
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
