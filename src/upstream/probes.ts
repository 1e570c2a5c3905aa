import { type Capability, type Completion, type Model, MullError, type Prompt, type Scope } from '#core'
import type { Learned } from './capabilities.ts'
import type { Effort } from './effort.ts'
import { inDialect, type Prefill } from './prefill.ts'
import { logprobsOf } from './wire.ts'

/** Requests that may be refused, and what that says. */
export class Attempts {
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

/** How it is found out what a model can do; `prefill` in which way. */
export const probes: Readonly<Record<Capability, Find>> = {
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
