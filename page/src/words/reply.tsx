import type { JSX } from 'preact'
import type { Asking } from '../api/ask.ts'
import { Markdown } from './markdown.tsx'
import { short } from './numbers.ts'

/** What comes back: the thinking, folded, and the answer as it is said. */
export function Reply({ asking }: { asking: Asking }): JSX.Element {
  const thinking = asking.thinking.value
  const answer = asking.answer.value
  const last =
    thinking
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^Thinking /, '') ?? ''
  return (
    <section class="reply" aria-label="Answer">
      {thinking && (
        <details class="thinking">
          <summary>Thinking {!asking.over && !answer && <span class="quiet">{short(last, 60)}</span>}</summary>
          <p class="thought">{thinking.trim()}</p>
        </details>
      )}
      <div class="answer-text" aria-live="polite" aria-busy={!asking.over}>
        {answer ? <Markdown text={answer} /> : !asking.over && <p class="quiet waiting">Mulling it over</p>}
        {asking.state.value === 'done' && !answer && <p class="quiet">There is no answer: all it had was thinking.</p>}
        {asking.state.value === 'stopped' && <p class="quiet">Stopped; what was under way is cancelled.</p>}
      </div>
      {asking.failure.value && (
        <p class="failure" role="alert">
          {asking.failure.value.message}
        </p>
      )}
    </section>
  )
}
