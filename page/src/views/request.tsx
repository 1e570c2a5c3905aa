import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Happened, Recorded } from '../api/events.ts'
import { key } from '../api/key.ts'
import { recorded } from '../api/traces.ts'
import { useFrames } from '../picture/frames.ts'
import { Picture } from '../picture/picture.tsx'
import { hrefOf } from '../route.ts'
import { Search } from '../search/search.ts'
import { Markdown } from '../words/markdown.tsx'
import { moment, time } from '../words/numbers.ts'

/** A past request, whose search can be run through again. */
export function RequestView({ id }: { id: string }): JSX.Element {
  const found = useSignal<Recorded | undefined>(undefined)
  const failure = useSignal<string | undefined>(undefined)
  const asked = key.value
  useEffect(() => {
    recorded(id).then(
      (trace) => {
        found.value = trace
        failure.value = undefined
      },
      ({ message }: Error) => {
        failure.value = message
      },
    )
  }, [id, found, failure, asked])
  return (
    <div class="request">
      <header class="bar-above">
        <a href={hrefOf('requests')}>← Requests</a>
        {found.value && (
          <>
            <h2 class="code">{found.value.recipe ?? (found.value.model || found.value.door)}</h2>
            <span class="quiet">{moment(found.value.at)}</span>
          </>
        )}
      </header>
      {failure.value && (
        <p class="failure" role="alert">
          {failure.value}
        </p>
      )}
      {found.value && <Question messages={found.value.messages} />}
      {found.value && <Replay events={found.value.events} />}
    </div>
  )
}

/** The last thing that was asked, where it is kept. */
function Question({ messages }: { messages: unknown }): JSX.Element | null {
  const last = Array.isArray(messages) ? messages.at(-1)?.content : messages
  return typeof last === 'string' ? <p class="asked">{last}</p> : null
}

/** The picture at any moment of the search, moved by hand or by itself. */
function Replay({ events }: { events: readonly Happened[] }): JSX.Element {
  const whole = useMemo(() => new Search(events), [events])
  const start = whole.root?.start ?? 0
  const length = Math.max(1, whole.lasted())
  const at = useSignal(length)
  const playing = useSignal(false)
  const last = useRef(0)
  useFrames(playing.value)
  useEffect(() => {
    if (!playing.value) return
    last.current = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      // However long it took, it is seen in at most twelve seconds.
      at.value = Math.min(length, at.value + (now - last.current) * Math.max(1, length / 12_000))
      last.current = now
      if (at.value >= length) playing.value = false
    }, 50)
    return () => clearInterval(timer)
  }, [playing.value, length, at, playing])
  const search = useMemo(
    () => (at.value >= length ? whole : new Search(events.filter((event) => event.at <= start + at.value))),
    [events, whole, start, length, at.value],
  )
  if (!whole.root) return <p class="quiet empty">This request was relayed: there is no search to draw.</p>
  return (
    <>
      <div class="replay">
        <button
          type="button"
          onClick={() => {
            if (!playing.value && at.value >= length) at.value = 0
            playing.value = !playing.value
          }}
        >
          {playing.value ? 'Pause' : 'Play'}
        </button>
        <input
          type="range"
          aria-label="Moment of the search"
          aria-valuetext={time(at.value)}
          min="0"
          max={length}
          step="any"
          value={at.value}
          onInput={(event) => {
            playing.value = false
            at.value = Number(event.currentTarget.value)
          }}
        />
        <output>
          {time(at.value)} of {time(length)}
        </output>
      </div>
      <Picture search={search} now={start + at.value} />
      {at.value >= length && <Answer search={whole} />}
    </>
  )
}

const Answer = ({ search }: { search: Search }) => {
  const text = search.answer
  return text ? (
    <section class="sheet reply" aria-label="Answer">
      <h3>Answer</h3>
      <Markdown text={text} />
    </section>
  ) : null
}
