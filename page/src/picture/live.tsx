import type { JSX } from 'preact'
import type { Asking } from '../api/ask.ts'
import { useFrames } from './frames.ts'
import { Picture } from './picture.tsx'

/** The picture of a search that is under way. */
export function Live({ asking }: { asking: Asking }): JSX.Element {
  const { search } = asking
  // What is stopped is seen to be cancelled a moment later.
  useFrames(!asking.over || (search.root !== undefined && !search.ended && !asking.unseen.value))
  if (search.root) return <Picture search={search} now={asking.over ? search.until : asking.now} />
  const unseen = asking.unseen.value
  if (unseen) return <p class="quiet empty">The search cannot be shown. {unseen}</p>
  if (!asking.over) return <p class="quiet empty waiting">The search begins</p>
  return <p class="quiet empty">{asking.recipe.includes('+') ? 'Nothing was searched.' : relayed}</p>
}

const relayed = 'A model without a strategy is relayed byte for byte: there is no search to draw.'
