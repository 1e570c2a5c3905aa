import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Search } from '../search/search.ts'
import { Figures } from './figures.tsx'
import { Lanes } from './lanes.tsx'
import type { Pick } from './picks.ts'
import { Reading } from './reading.tsx'
import { Story } from './story.tsx'
import { Tree } from './tree.tsx'
import { Votes } from './votes.tsx'

/** A search at one moment: its figures, its vote, its tree, and everything that ran, over time. */
export function Picture({ search, now }: { search: Search; now: number }): JSX.Element {
  const [picked, pick] = useState<Pick>()
  const marks = { search, now, picked, pick }
  return (
    <div class="picture">
      <Figures search={search} now={now} />
      {(search.heard > 0 || (search.nodes.length === 0 && search.samples.all > 1)) && <Votes {...marks} />}
      {search.nodes.length > 0 && <Tree {...marks} />}
      <Lanes {...marks} />
      <Story search={search} now={now} />
      {picked !== undefined && <Reading search={search} now={now} picked={picked} close={() => pick(undefined)} />}
    </div>
  )
}
