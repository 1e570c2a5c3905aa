import type { JSX } from 'preact'
import type { Search } from '../search/search.ts'
import { count, dollars, percent, time } from '../words/numbers.ts'

/** What the search took so far, in numbers. */
export function Figures({ search, now }: { search: Search; now: number }): JSX.Element {
  const { calls, tokens, cost, agreement, samples } = search
  return (
    <dl class="figures">
      <Figure
        name="Samples"
        value={count(samples.all)}
        more={samples.running > 0 ? `${samples.running} running` : ''}
      />
      <Figure name="Calls" value={count(calls)} />
      <Figure name="Tokens" value={`${tokens.exact ? '' : '≈ '}${count(tokens.count)}`} />
      <Figure name="Time" value={time(search.lasted(now))} />
      {cost !== undefined && <Figure name="Cost" value={dollars(cost)} />}
      {agreement !== undefined && <Figure name="Agreement" value={percent(agreement)} />}
    </dl>
  )
}

function Figure({ name, value, more = '' }: { name: string; value: string; more?: string }): JSX.Element {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        {value}
        {more && <small> {more}</small>}
      </dd>
    </div>
  )
}
