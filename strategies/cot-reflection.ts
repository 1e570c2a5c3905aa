import { splitThinking } from '#answers'
import { type Completion, say, strategy } from '#core'
import { wantsJson } from './parts/question.ts'
import { unclosed } from './parts/unclosed.ts'

export const cotReflection = strategy(
  'cot-reflection',
  {
    does: 'One prompt asks for thinking, a reflection on it, and an output; only the output is the answer.',
    source: 'OptiLLM, 2024, after Shinn et al., 2023',
    aliases: ['reflection'],
    calls: '1',
    depth: '1',
  },
  {},
  async (run) => {
    if (wantsJson(run.prompt)) return run.answer()
    return outputOf(await run.sample(say(run.prompt, 'user', frame)))
  },
)

/** Everything before the output is thinking. The output may stand in a thinking block that was never closed. */
function outputOf(path: Completion): Completion {
  const { reasoning, answer } = splitThinking(path.text, { unwrap: false })
  const thoughts = [path.thinking, reasoning].filter(Boolean).join('\n')
  const at = answer.search(opening)
  if (at >= 0) return parted(path, thoughts, answer, at)
  const hidden = answer.trim() === '' ? thoughts.toLowerCase().lastIndexOf('<output>') : -1
  if (hidden >= 0) return parted(path, '', thoughts, hidden)
  return unclosed({ ...path, text: answer, ...(thoughts ? { thinking: thoughts } : {}) })
}

function parted(path: Completion, thoughts: string, text: string, at: number): Completion {
  const thinking = [thoughts, text.slice(0, at).trim()].filter(Boolean).join('\n')
  const output = text.slice(at).replace(opening, '')
  const end = output.toLowerCase().lastIndexOf('</output>')
  return { ...path, text: (end < 0 ? output : output.slice(0, end)).trim(), ...(thinking ? { thinking } : {}) }
}

const opening = /<output>/i

const frame = `Answer in this form:
<thinking>
Think the task through step by step.
<reflection>
Go over what you thought: what could be wrong or forgotten? Mend it here.
</reflection>
</thinking>
<output>
The answer, complete, for a reader who sees only this part.
</output>`
