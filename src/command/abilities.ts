import { type Capability, capabilities, execute, inCapabilityWords, messageOf } from '#core'
import type { Called } from './called.ts'
import type { Finding } from './finding.ts'
import type { Here } from './here.ts'

const without = ({ effort }: Called): Readonly<Record<Capability, string>> => ({
  n: 'nothing: samples are drawn with a request each, so see that the server keeps its prompt cache on',
  logprobs: 'what weighs by confidence needs another server (vLLM, SGLang, llama.cpp)',
  prefill: 'what goes on with unfinished answers needs another server (vLLM, SGLang, llama.cpp)',
  effort: `set ${effort} to how this server is told how long to think, if it can be`,
  tools: 'start the server with its tool parser (vLLM: --enable-auto-tool-choice), or use a model that calls tools',
})

/** Asked with the same probes as strategies ask them. */
export async function* abilities({ engine, caller }: Here, model: string, names: Called): AsyncGenerator<Finding> {
  const plan = await engine.plan(model, 'none', caller)
  if (plan.kind === 'relay') return
  const { context } = plan
  for (const check of capabilities) {
    const found: { can?: boolean } = {}
    const { events, result } = execute(
      async (_prompt, scope) => {
        found.can = await context.can!(check, scope)
        return { text: '', finish: 'stop' }
      },
      { messages: [] },
      context,
    )
    const ended = result.then(
      () => undefined,
      (error: unknown) => messageOf(error),
    )
    const notes: string[] = []
    for await (const event of events) if (event.type === 'note') notes.push(event.text)
    const error = await ended
    const how = /yes \((.+)\)/.exec(notes.join(' '))?.[1]
    if (error !== undefined)
      yield { check, state: 'failed', found: error, todo: `ask again; if it stays so, ${names.can} says what it can` }
    else if (found.can) yield { check, state: 'ok', found: `it ${inCapabilityWords[check]}${how ? ` (${how})` : ''}` }
    else
      yield { check, state: 'no', found: `not seen that it ${inCapabilityWords[check]}`, todo: without(names)[check] }
  }
}
