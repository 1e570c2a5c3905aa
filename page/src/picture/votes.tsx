import type { JSX } from 'preact'
import type { Group } from '../search/ballots.ts'
import { counted, percent, score } from '../words/numbers.ts'
import { colour, letter } from './palette.ts'
import { type Marks, picking, walk } from './picks.ts'

/** The vote: a row for each answer, in it a tile for each sample that gave it. */
export function Votes({ search, picked, pick }: Marks): JSX.Element {
  const { groups, abstained, heard } = search
  const won = search.winner?.place
  const most = Math.max(1, ...groups.map(({ spans }) => spans.length))
  const size = most > 40 ? 'tiles-small' : most > 20 ? 'tiles-middle' : 'tiles-large'
  return (
    <section class="part" aria-label="Votes">
      <h3>Votes</h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move the focus among the tiles, which are buttons */}
      <div class={`votes ${size}`} onKeyDown={walk}>
        {groups.map((group, row) => (
          <div class={`vote ${colour(group)} ${group.place === won ? 'won' : ''}`} key={group.answer}>
            <span class="letter" aria-hidden="true">
              {letter(group.place)}
            </span>
            <span class="answer" title={group.answer}>
              {group.answer}
            </span>
            <span class="tiles">{group.spans.map((span, at) => tile(span, group, row === 0 && at === 0))}</span>
            <span class="tally">
              {group.spans.length}
              <small>{heard > 0 && ` ${percent(group.spans.length / heard)}`}</small>
              {group.weight !== undefined && <small title="the sum of its scores"> Σ {score(group.weight)}</small>}
            </span>
          </div>
        ))}
        {abstained.length > 0 && (
          <div class="vote group-none">
            <span class="letter" aria-hidden="true">
              –
            </span>
            <span class="answer">no answer</span>
            <span class="tiles">{abstained.map((span) => tile(span, undefined, false))}</span>
            <span class="tally">{abstained.length}</span>
          </div>
        )}
        {heard === 0 && <p class="quiet">No answer is in yet.</p>}
      </div>
      <p class="only-heard">{heard > 0 && `${counted(heard, 'vote')} heard`}</p>
    </section>
  )

  function tile(span: string, group: Group | undefined, first: boolean) {
    const label = `Sample ${search.numberOf(span) ?? ''}: ${group?.answer ?? 'no answer'}`
    return <span class="tile" key={span} title={label} {...picking(span, label, picked, first, pick)} />
  }
}
