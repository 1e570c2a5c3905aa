import {
  type Capability,
  type Completion,
  inCapabilityWords,
  type Model,
  MullError,
  type Prompt,
  type Scope,
  untilAborted,
} from '#core'
import { type Can, type Known, knownOf, type Learned } from './capabilities.ts'
import type { Effort } from './effort.ts'
import { inDialect, type Prefill } from './prefill.ts'
import { logprobsOf } from './wire.ts'

export type Probing = {
  /** The model's name. */
  readonly name: string
  /** Asks it, without a cache. */
  readonly model: Model
  readonly learned: Learned
  readonly effort: Effort
  /** What the upstream's list of models says of it. */
  readonly told: () => Promise<Known>
  /** Whether requests must not wait for one another. */
  readonly isolated: boolean
}

/**
 * Finds out what a model can do by asking it, with a tiny request, once; whoever wants to know meanwhile waits for the
 * same one. Who asked first pays for it and reads so in a note. Rejects with the upstream's own error where that says
 * nothing about the model (it cannot be reached, it is overloaded), and then the next to ask tries again.
 */
export function probed({ name, model, learned, effort, told, isolated }: Probing): Can {
  return async (capability, scope) => {
    for (;;) {
      const known = knownOf(learned)[capability]
      if (known !== undefined) return known !== false
      const other = learned.probes.get(capability)
      if (!other || (isolated && other.scope.shared !== scope.shared)) return begin(capability, scope)
      try {
        return await untilAborted(other.found, scope.signal)
      } catch (error) {
        // Who is left with a probe that ended because its asker did, asks anew.
        if (scope.signal.aborted || !other.scope.signal.aborted) throw error
      }
    }
  }

  function begin(capability: Capability, scope: Scope): Promise<boolean> {
    const found = find(capability, scope)
    const probe = { scope, found }
    const end = () => {
      if (learned.probes.get(capability) === probe) learned.probes.delete(capability)
    }
    learned.probes.set(capability, probe)
    found.then(end, end)
    return found
  }

  async function find(capability: Capability, scope: Scope): Promise<boolean> {
    learned.can = { ...(await untilAborted(told(), scope.signal)), ...learned.can }
    const known = knownOf(learned)[capability]
    if (known !== undefined) return known !== false
    return scope.run('probe', capability, async (inner) => {
      const attempts = new Attempts(model, inner)
      const finding = await probes[capability](attempts, effort, learned)
      if (attempts.certain) learned.can = { ...learned.can, [capability]: finding }
      const how = typeof finding === 'string' ? `yes (${finding})` : finding ? 'yes' : 'no'
      scope.note(`${name} was asked whether it ${inCapabilityWords[capability]}: ${how}.`, { capability, finding })
      return finding !== false
    })
  }
}

/** Requests that may be refused, and what that says. */
class Attempts {
  readonly #model: Model
  readonly #scope: Scope
  /** Whether the answers so far will be the same another time. */
  certain = true

  constructor(model: Model, scope: Scope) {
    this.#model = model
    this.#scope = scope
  }

  /** `undefined` where what is asked for was refused. */
  async ask(prompt: Prompt): Promise<Completion | undefined> {
    try {
      return await this.#model(prompt, this.#scope.aside())
    } catch (error) {
      if (!(error instanceof MullError) || !refusals.includes(error.status)) throw error
      // Some models have begun to think when they say that so small a limit is too small.
      if (/output limit|max_(?:completion_)?tokens.* reached/i.test(error.message))
        return { text: '', finish: 'length' }
      if (error.status === 500) this.certain = false
      return undefined
    }
  }

  async accepts(fields: object): Promise<boolean> {
    return (await this.ask(saying(fields))) !== undefined
  }
}

/** Statuses with which servers refuse a field. Some use 500, which may as well be an accident. */
const refusals = [400, 405, 415, 422, 500, 501]

type Find = (attempts: Attempts, effort: Effort, learned: Learned) => Promise<boolean | Prefill>

const probes: Readonly<Record<Capability, Find>> = {
  async n(attempts, _effort, learned) {
    const prompt = saying({})
    const both = await Promise.all([attempts.ask(prompt), attempts.ask(prompt)])
    if (both.includes(undefined)) attempts.certain = false
    return learned.gave > 1
  },
  async logprobs(attempts) {
    const completion = await attempts.ask(saying({ logprobs: true, top_logprobs: 2 }))
    return logprobsOf(completion?.choiceExtra?.['logprobs']).length > 0
  },
  async prefill(attempts) {
    const said = async (prompt: Prompt) => wordsOf(await attempts.ask(prompt))
    const fields = await said(inDialect(begun, 'vllm'))
    if (fields && ending.test(fields)) return 'vllm'
    const mark = await said(inDialect(begun, 'deepseek'))
    if (mark && ending.test(mark)) return 'deepseek'
    // Who overlooks unknown fields was asked plainly already; what then looks like a repetition is a new beginning.
    if (fields !== undefined) return false
    if (mark?.startsWith(beginning) && ending.test(mark.slice(beginning.length))) return 'mistral'
    const plain = await said(begun)
    return plain !== undefined && ending.test(plain) && 'plain'
  },
  async effort(attempts, effort) {
    if (effort === 'none') return false
    if (effort !== 'reasoning_effort') return attempts.accepts({ reasoning_effort: 'none' })
    // Who takes any word for it overlooks the field.
    return (
      (await attempts.accepts({ reasoning_effort: 'low' })) && !(await attempts.accepts({ reasoning_effort: 'mull' }))
    )
  },
  async tools(attempts) {
    const completion = await attempts.ask({ ...saying({ tools }, 'Call the tool "ready".'), maxTokens: 512 })
    return completion?.toolCalls !== undefined
  },
}

const saying = (rest: object, content = 'Say "ok".'): Prompt => ({
  messages: [{ role: 'user', content }],
  maxTokens: 1,
  rest: rest as Record<string, unknown>,
})

const ready = { name: 'ready', description: 'Says that you are ready.', parameters: { type: 'object', properties: {} } }
const tools = [{ type: 'function', function: ready }]

/** It breaks off within a word that only who goes on with it would end, and in a sentence nobody would begin anew. */
const beginning = 'Happy to tell you: the capital of France is the city of Par'
const ending = /^\s*is\b/

const begun: Prompt = {
  messages: [
    { role: 'user', content: 'What is the capital of France?' },
    { role: 'assistant', content: beginning },
  ],
  temperature: 0,
  maxTokens: 4,
}

/** Where they stand does not matter: a server may take for thinking what it did not see the beginning of. */
const wordsOf = (completion: Completion | undefined) => completion && (completion.thinking ?? '') + completion.text
