import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Asking } from '../api/ask.ts'
import { useFrames } from '../picture/frames.ts'
import type { Pick } from '../picture/picks.ts'
import { Reading } from '../picture/reading.tsx'
import { Votes } from '../picture/votes.tsx'
import { hrefOf } from '../route.ts'
import { count, dollars, percent, time } from '../words/numbers.ts'
import { Reply } from '../words/reply.tsx'

/** One of the recipes: its answer, and how it was voted. */
export function Column({ asking }: { asking: Asking }): JSX.Element {
  useFrames(!asking.over)
  const [picked, pick] = useState<Pick>()
  const { search, recipe, now } = asking
  return (
    <article class="sheet column" aria-label={recipe}>
      <h3 class="code">{shortName(recipe)}</h3>
      <Reply asking={asking} />
      {search.heard > 0 && <Votes search={search} now={now} picked={picked} pick={pick} />}
      {picked !== undefined && <Reading search={search} now={now} picked={picked} close={() => pick(undefined)} />}
      {asking.over && asking.id.value && search.root && <a href={hrefOf('requests', asking.id.value)}>Its search</a>}
    </article>
  )
}

/** What each recipe came to and took, in numbers. */
export function Figures({ askings }: { askings: readonly Asking[] }): JSX.Element {
  useFrames(askings.some((asking) => !asking.over))
  const priced = askings.some(({ search }) => search.cost !== undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div class="sheet scrolls" tabIndex={0}>
      <table class="numbers">
        <thead>
          <tr>
            <th>Recipe</th>
            <th>Answer</th>
            <th class="n">Agreement</th>
            <th class="n">Calls</th>
            <th class="n">Tokens</th>
            {priced && <th class="n">Cost</th>}
            <th class="n">Time</th>
          </tr>
        </thead>
        <tbody>{askings.map((asking) => row(asking, priced))}</tbody>
      </table>
    </div>
  )
}

function row(asking: Asking, priced: boolean) {
  const { search, recipe } = asking
  const { agreement, calls, tokens, cost } = search
  return (
    <tr key={recipe}>
      <td class="code">{shortName(recipe)}</td>
      <td>{search.groups[0]?.answer ?? asking.answer.value}</td>
      <td class="n">{agreement === undefined ? '' : percent(agreement)}</td>
      <td class="n">{count(calls)}</td>
      <td class="n">
        {tokens.exact ? '' : '≈ '}
        {count(tokens.count)}
      </td>
      {priced && <td class="n">{cost === undefined ? '' : dollars(cost)}</td>}
      <td class="n">{time(search.lasted(asking.over ? search.until : asking.now))}</td>
    </tr>
  )
}

const shortName = (recipe: string) => recipe.slice(recipe.indexOf('+') + 1)
