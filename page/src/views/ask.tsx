import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Asking } from '../api/ask.ts'
import { examples } from '../form/examples.ts'
import { RecipeForm } from '../form/recipe-form.tsx'
import { useCatalogue } from '../form/use-catalogue.ts'
import { Live } from '../picture/live.tsx'
import { hrefOf } from '../route.ts'
import { Reply } from '../words/reply.tsx'

/** One question, its answer as it comes, and beside it the search as it runs. */
export function Ask(): JSX.Element {
  const { catalogue, failure, retry } = useCatalogue()
  const question = useSignal(examples[0]!.question)
  const recipe = useSignal('')
  const asking = useSignal<Asking | undefined>(undefined)
  const running = asking.value !== undefined && !asking.value.over

  const ask = () => {
    asking.value?.stop()
    if (question.value.trim() && recipe.value) asking.value = new Asking(recipe.value.trim(), question.value)
  }
  const submit = (event: Event) => {
    event.preventDefault()
    ask()
  }

  return (
    <div class="ask">
      <form class="sheet" onSubmit={submit}>
        <div class="field">
          <label for="question">Question</label>
          <textarea
            id="question"
            rows={3}
            value={question.value}
            onInput={(event) => {
              question.value = event.currentTarget.value
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit(event)
            }}
          />
          <p class="examples">
            <span class="quiet">Try</span>
            {examples.map(({ name, question: text }) => (
              <button
                key={name}
                type="button"
                class="link"
                title={text}
                onClick={() => {
                  question.value = text
                }}
              >
                {name}
              </button>
            ))}
          </p>
        </div>
        {catalogue ? (
          <RecipeForm
            catalogue={catalogue}
            recipe={recipe}
            start={{ model: catalogue.models[0] ?? '', strategy: 'self-consistency', options: {} }}
          />
        ) : failure ? (
          <div class="failure" role="alert">
            <p>{failure}</p>
            <button type="button" onClick={retry}>
              Try again
            </button>
          </div>
        ) : (
          <p class="quiet waiting">Asking which models there are</p>
        )}
        <p class="buttons">
          <button type="submit" class="main" disabled={!catalogue || question.value.trim() === ''}>
            {asking.value ? 'Ask again' : 'Ask'}
          </button>
          <button type="button" disabled={!running} onClick={() => asking.value?.stop()}>
            Stop
          </button>
          <span class="quiet keys">Ctrl Enter</span>
        </p>
        {asking.value && <Reply asking={asking.value} />}
        {asking.value?.id.value && asking.value.over && !asking.value.unseen.value && (
          <p>
            <a href={hrefOf('requests', asking.value.id.value)}>Replay this search</a>
          </p>
        )}
      </form>
      <section class="stage" aria-label="The search">
        {asking.value ? <Live key={asking.value} asking={asking.value} /> : <Nothing />}
      </section>
    </div>
  )
}

const Nothing = () => (
  <div class="empty">
    <h2>More thought, better answers</h2>
    <p>
      A strategy has the model think many times, and votes, scores or searches before it answers. Ask, and see here how
      it comes about: each sample as it runs, each vote as it falls, each branch that is followed or left.
    </p>
  </div>
)
