import * as z from 'zod'
import { type Completion, goOn, strategy } from '#core'

export const budgetForcing = strategy(
  'budget-forcing',
  {
    does:
      'When the model has thought to an end, its thinking is opened again with "Wait", and when it was cut off it is ' +
      'ended; what follows the last thought is the answer.',
    source: 'Muennighoff et al., 2025',
    aliases: ['bf', 'wait'],
    calls: '1 + waits',
    depth: '1 + waits',
    needs: ['prefill'],
  },
  { waits: z.int().min(0).max(6).default(1) },
  async (run, { waits }) => {
    if (waits === 0) return run.answer()
    let path = await run.sample()
    for (let wait = 1; wait <= waits; wait++) {
      run.keep(path, wait)
      if (!path.thinking?.trim()) {
        run.note('The model does not show its thinking, so there is none to go on with: its answer stands.')
        return path
      }
      if (saysNothing(path)) {
        run.note('The thinking was cut off by the token limit, so it is ended there.')
        run.think(path.thinking)
        const end = await run.optional(run.answer(goOn(run.prompt, `<think>\n${path.thinking}\n</think>\n\n`)))
        return end ? { ...end, thinking: path.thinking + (end.thinking ?? '') } : path
      }
      const thought = `${path.thinking.trimEnd()}\nWait`
      const prompt = goOn(run.prompt, `<think>\n${thought}`)
      const last = wait === waits
      if (last) run.think(thought)
      const more = await run.optional(last ? run.answer(prompt) : run.sample(prompt))
      if (!more || saysNothing(more)) return path
      path = { ...more, thinking: thought + (more.thinking ?? '') }
    }
    return path
  },
)

const saysNothing = ({ text, toolCalls }: Completion) => text.trim() === '' && !toolCalls
