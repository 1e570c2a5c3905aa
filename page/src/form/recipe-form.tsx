import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { type Catalogue, refusalOfName } from '../api/catalogue.ts'
import type { Strategy } from '../api/entries.ts'
import { Option } from './option.tsx'
import { type Choice, optionsOf, recipeOf } from './recipe.ts'

type Props = { catalogue: Catalogue; recipe: Signal<string>; start: Choice }

/** Model, strategy and options, and the recipe that they come to, which may be written by hand as well. */
export function RecipeForm({ catalogue: { models, strategies, scorers }, recipe, start }: Props): JSX.Element {
  const choice = useSignal(start)
  const made = useComputed(() => recipeOf(choice.value, strategies))
  const refused = useSignal<string | undefined>(undefined)
  const byHand = recipe.value !== made.value
  const strategy = byHand ? undefined : strategies.find(({ id }) => id === choice.value.strategy)

  const choose = (part: Partial<Choice>) => {
    choice.value = { ...choice.value, ...part }
    recipe.value = made.value
  }
  useLayoutEffect(() => choose({}), [])
  useSignalEffect(() => {
    const name = recipe.value
    const changed = new AbortController()
    const wait = setTimeout(async () => {
      const refusal = name.includes('+') ? await refusalOfName(name, changed.signal) : undefined
      if (!changed.signal.aborted) refused.value = refusal
    }, 250)
    return () => {
      clearTimeout(wait)
      changed.abort()
    }
  })

  const option = ([name, schema]: ReturnType<typeof optionsOf>['own'][number]) => (
    <Option
      key={`${strategy?.id} ${name}`}
      name={name}
      schema={schema}
      value={choice.value.options[name] ?? ''}
      known={name === 'scorer' ? scorers.map(({ id }) => id) : []}
      change={(value) => choose({ options: { ...choice.value.options, [name]: value } })}
    />
  )
  const { own, ofVotes } = strategy ? optionsOf(strategy, strategies) : { own: [], ofVotes: [] }

  return (
    <div class="recipe-form">
      <div class="pair">
        <div class="field">
          <label for="model">Model</label>
          <select
            id="model"
            value={choice.value.model}
            onChange={(event) => choose({ model: event.currentTarget.value })}
          >
            {models.map((id) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="strategy">Strategy</label>
          <select
            id="strategy"
            value={byHand ? 'by hand' : choice.value.strategy}
            onChange={(event) => choose({ strategy: event.currentTarget.value, options: {} })}
          >
            {byHand && <option value="by hand">as written below</option>}
            <option value="">no strategy: a relay</option>
            {strategies.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </div>
      </div>
      {strategy && <About strategy={strategy} />}
      {own.length > 0 && <div class="options">{own.map(option)}</div>}
      {ofVotes.length > 0 && (
        <details class="of-votes">
          <summary>How votes are counted</summary>
          <div class="options">{ofVotes.map(option)}</div>
        </details>
      )}
      <div class="field">
        <label for="recipe">
          Recipe <small class="quiet">as a client names it</small>
        </label>
        <input
          id="recipe"
          class="code"
          value={recipe.value}
          spellcheck={false}
          autocomplete="off"
          aria-invalid={refused.value !== undefined}
          aria-describedby="recipe-refused"
          onInput={(event) => {
            recipe.value = event.currentTarget.value
          }}
        />
        <p id="recipe-refused" class="failure" role="status">
          {refused.value}
        </p>
        {byHand && (
          <p class="quiet">
            <button type="button" class="link" onClick={() => choose({})}>
              Back to {choice.value.strategy || 'the form'}
            </button>
          </p>
        )}
      </div>
    </div>
  )
}

function About({ strategy: { does, source, needs } }: { strategy: Strategy }): JSX.Element {
  return (
    <p class="about">
      {does} {source && <cite>{source}</cite>}
      {needs.length > 0 && <em> Needs {needs.join(', ')}.</em>}
    </p>
  )
}
