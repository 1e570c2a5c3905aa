import type { JSX } from 'preact'
import type { Search } from '../search/search.ts'
import { counted } from '../words/numbers.ts'

/** What the strategy noted, as it did. */
export function Story({ search }: { search: Search; now: number }): JSX.Element | null {
  const { story } = search
  if (story.length === 0) return null
  return (
    <details class="part story">
      <summary>
        Story <span class="legend">{counted(story.length, 'note')}</span>
      </summary>
      <ol>
        {story.map((line, at) => (
          <li key={at}>{line}</li>
        ))}
      </ol>
    </details>
  )
}
