import { BudgetExhausted } from './errors.ts'
import { bestSoFar, type Completion, type Prompt, type Strategy, say } from './model.ts'

/** a & b: b is asked the same question with a's answer as its draft. The question is never replaced. */
export const pipe =
  (...stages: readonly Strategy[]): Strategy =>
  (model) =>
  async (prompt, scope) => {
    let draft: Completion | undefined
    for (const [index, stage] of stages.entries()) {
      const last = index === stages.length - 1
      try {
        draft = await stage(model)(draft ? withDraft(prompt, draft) : prompt, last ? scope : scope.aside())
      } catch (error) {
        if (error instanceof BudgetExhausted && draft) return bestSoFar(draft)
        throw error
      }
    }
    return draft!
  }

/** A draft that calls tools has no words to improve on, and an unanswered call would make the conversation invalid. */
const withDraft = (prompt: Prompt, draft: Completion): Prompt =>
  draft.toolCalls || !draft.text ? prompt : say(say(prompt, 'assistant', draft.text), 'user', improve)

const improve = 'Check your answer above for mistakes, then answer the question again, as well as you can.'
