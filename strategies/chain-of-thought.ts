import { say, strategy } from '#core'
import { wantsJson } from './parts/question.ts'
import { unclosed } from './parts/unclosed.ts'

export const chainOfThought = strategy(
  'chain-of-thought',
  {
    does: 'A model without reasoning is asked to think between tags first; what stands there is the thinking, the rest the answer.',
    source: 'Kojima et al., 2022; the frame of DeepSeek-AI, 2025',
    aliases: ['cot'],
    calls: '1',
    depth: '1',
  },
  {},
  async (run) => {
    if (wantsJson(run.prompt)) return run.answer()
    return unclosed(await run.answer(say(run.prompt, 'user', frame)))
  },
)

const frame = `First think the task through step by step, between <think> and </think>: check each step, and try another \
way where one fails. After </think> write the answer itself, complete and without tags, for a reader who does not see \
your thoughts.`
