import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Summary } from '../api/events.ts'
import { key } from '../api/key.ts'
import { summaries } from '../api/traces.ts'
import { hrefOf } from '../route.ts'
import { count, dollars, moment, percent, time } from '../words/numbers.ts'

/** The last requests, the latest first; each opens the picture of its search. */
export function Requests(): JSX.Element {
  const listed = useSignal<readonly Summary[] | undefined>(undefined)
  const failure = useSignal<string | undefined>(undefined)
  const wanted = useSignal('')
  const asked = key.value

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      try {
        listed.value = await summaries()
        failure.value = undefined
        timer = setTimeout(look, 4000)
      } catch (error) {
        failure.value = (error as Error).message
      }
    }
    look()
    return () => clearTimeout(timer)
  }, [listed, failure, asked])

  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = listed.value?.filter((summary) => words.every((word) => textOf(summary).includes(word))) ?? []
  const priced = shown.some(({ cost }) => cost !== undefined)
  return (
    <div class="requests sheet">
      <header class="bar-above">
        <h2>Requests</h2>
        <div class="field inline">
          <label for="filter">Filter</label>
          <input
            id="filter"
            type="search"
            placeholder="model, recipe, outcome"
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value
            }}
          />
        </div>
        <span class="quiet" role="status">
          {listed.value && `${shown.length} of ${listed.value.length}`}
        </span>
      </header>
      {failure.value && (
        <p class="failure" role="alert">
          {failure.value}
        </p>
      )}
      {listed.value?.length === 0 && (
        <p class="empty quiet">
          No request was kept yet. <a href={hrefOf('ask')}>Ask something</a>, or point a client here.
        </p>
      )}
      {shown.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <div class="scrolls" tabIndex={0}>
          <table class="numbers">
            <thead>
              <tr>
                <th>Time</th>
                <th>Recipe</th>
                <th class="n">Agreement</th>
                <th class="n">Calls</th>
                <th class="n">Tokens</th>
                {priced && <th class="n">Cost</th>}
                <th class="n">Took</th>
                <th>Outcome</th>
              </tr>
            </thead>
            <tbody>{shown.map((summary) => row(summary, priced))}</tbody>
          </table>
        </div>
      )}
      {listed.value && listed.value.length > 0 && shown.length === 0 && (
        <p class="empty quiet">None of them has “{wanted.value}” in it.</p>
      )}
    </div>
  )
}

const row = (summary: Summary, priced: boolean) => (
  <tr key={summary.id}>
    <td>
      <time dateTime={new Date(summary.at).toISOString()}>{moment(summary.at)}</time>
    </td>
    <td>
      <a class="code" href={hrefOf('requests', summary.id)}>
        {nameOf(summary)}
      </a>
    </td>
    <td class="n">{summary.agreement === undefined ? '' : percent(summary.agreement)}</td>
    <td class="n">{summary.calls === undefined ? '' : count(summary.calls)}</td>
    <td class="n">{summary.tokens === undefined ? '' : count(summary.tokens)}</td>
    {priced && <td class="n">{summary.cost === undefined ? '' : dollars(summary.cost)}</td>}
    <td class="n">{summary.ms === undefined ? '' : time(summary.ms)}</td>
    <td>
      <span class={`outcome ${summary.outcome ?? 'running'}`}>{summary.outcome ?? 'running'}</span>
    </td>
  </tr>
)

const nameOf = ({ recipe, model, door }: Summary) => recipe ?? (model || door)

const textOf = (summary: Summary) =>
  [nameOf(summary), summary.model, summary.door, summary.caller, summary.outcome ?? 'running', summary.error]
    .join(' ')
    .toLowerCase()
