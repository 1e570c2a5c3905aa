import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Asking } from '../api/ask.ts'
import { examples } from '../form/examples.ts'
import { useCatalogue } from '../form/use-catalogue.ts'
import { Column, Figures } from './compared.tsx'

const first = ['none', 'self-consistency@8', 'self-consistency@16', 'adaptive-consistency']

/** One question, several recipes side by side. */
export function Compare(): JSX.Element {
  const { catalogue, failure } = useCatalogue()
  const question = useSignal(examples[2]!.question)
  const model = useSignal('')
  const recipes = useSignal<readonly string[]>(first)
  const askings = useSignal<readonly Asking[]>([])
  const running = askings.value.some((asking) => !asking.over)
  const asked = model.value || catalogue?.models[0] || ''

  const stop = () => {
    for (const asking of askings.value) asking.stop()
  }
  const submit = (event: Event) => {
    event.preventDefault()
    stop()
    const named = recipes.value.map((recipe) => recipe.trim()).filter(Boolean)
    askings.value = named.map((recipe) => new Asking(`${asked}+${recipe}`, question.value))
  }
  const change = (at: number, recipe: string) => {
    recipes.value = recipes.value.with(at, recipe)
  }

  return (
    <div class="compare">
      <form class="sheet" onSubmit={submit}>
        <div class="pair wide-first">
          <div class="field">
            <label for="compared-question">Question</label>
            <textarea
              id="compared-question"
              rows={2}
              value={question.value}
              onInput={(event) => {
                question.value = event.currentTarget.value
              }}
            />
          </div>
          <div class="field">
            <label for="compared-model">Model</label>
            <select
              id="compared-model"
              value={asked}
              onChange={(event) => {
                model.value = event.currentTarget.value
              }}
            >
              {catalogue?.models.map((id) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          </div>
        </div>
        <fieldset class="recipes">
          <legend>Recipes</legend>
          {recipes.value.map((recipe, at) => (
            <span class="recipe" key={at}>
              <input
                class="code"
                aria-label={`Recipe ${at + 1}`}
                value={recipe}
                spellcheck={false}
                list="compared-recipes"
                onInput={(event) => change(at, event.currentTarget.value)}
              />
              <button
                type="button"
                class="plain"
                aria-label={`Leave out recipe ${at + 1}`}
                onClick={() => {
                  recipes.value = recipes.value.toSpliced(at, 1)
                }}
              >
                ×
              </button>
            </span>
          ))}
          <button
            type="button"
            onClick={() => {
              recipes.value = [...recipes.value, 'best-of-n@8']
            }}
          >
            Add
          </button>
          <datalist id="compared-recipes">
            {catalogue?.strategies.map(({ id }) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </fieldset>
        {failure && (
          <p class="failure" role="alert">
            {failure}
          </p>
        )}
        <p class="buttons">
          <button type="submit" class="main" disabled={!asked || recipes.value.every((recipe) => recipe.trim() === '')}>
            Compare
          </button>
          <button type="button" disabled={!running} onClick={stop}>
            Stop
          </button>
        </p>
      </form>
      {askings.value.length > 0 && <Figures askings={askings.value} />}
      <div class="columns">
        {askings.value.map((asking) => (
          <Column key={asking} asking={asking} />
        ))}
      </div>
    </div>
  )
}
