import type { Completion, Model, Prompt } from '#core'

/**
 * A model that answers several prompts of one request, with one budget: its own and `further` ones. All answers are one
 * completion and its others; `index` is the place of each, `n` of them for every prompt.
 */
export const ofEach =
  (model: Model, further: readonly Prompt[], n: number): Model =>
  async (prompt, scope) => {
    const room = Math.max(1, Math.floor(scope.room / (further.length + 1)))
    const one = async (prompt: Prompt, at: number): Promise<readonly Completion[]> => {
      const { others = [], ...best } = await model(prompt, scope.aside({ draw: at, room }))
      return [best, ...others].slice(0, n).map((answer, place) => ({ ...answer, index: at * n + place }))
    }
    const [first, ...others] = (await Promise.all([prompt, ...further].map(one))).flat()
    return { ...first!, others }
  }
