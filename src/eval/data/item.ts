import type { Message, Prompt } from '#core'

/** By what an answer to a question is told to be right. */
export type Check =
  /** The answer that it comes to is the same as one of these; `choices` are a multiple choice's texts by letter. */
  | {
      readonly kind: 'answer'
      readonly answers: readonly string[]
      readonly choices?: Readonly<Record<string, string>>
    }
  /** Its words match a regular expression. */
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** It is JSON by a schema, and this very value where there is one. */
  | { readonly kind: 'schema'; readonly schema: unknown; readonly value?: unknown }
  /** The verifier says so, of all tests where there are some. */
  | { readonly kind: 'verifier'; readonly tests?: readonly string[] }

/** A question, and what its answers are checked by. */
export type Item = {
  /** As the data has it, else its place in the file from 1. */
  readonly id: string
  /** Of equal questions with equal checks the same. */
  readonly key: string
  readonly messages: readonly Message[]
  /** Further fields of the request. */
  readonly rest?: Readonly<Record<string, unknown>>
  readonly check: Check
}

/** How all questions are asked. */
export type Asking = {
  readonly temperature?: number | undefined
  readonly seed?: number | undefined
  readonly maxTokens?: number | undefined
}

export const promptOf = ({ messages, rest }: Item, { temperature, seed, maxTokens }: Asking): Prompt => ({
  messages,
  ...(temperature === undefined ? {} : { temperature }),
  ...(seed === undefined ? {} : { seed }),
  ...(rest || maxTokens ? { rest: { ...rest, ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }) } } : {}),
})

/** What a right answer is, in a few words. */
export function referenceOf({ check }: Item): string {
  switch (check.kind) {
    case 'answer':
      return check.answers.join(' or ')
    case 'pattern':
      return `matches ${check.pattern}`
    case 'schema':
      return check.value === undefined ? 'JSON by its schema' : JSON.stringify(check.value)
    case 'verifier':
      return check.tests
        ? `passes ${check.tests.length === 1 ? 'its test' : `${check.tests.length} tests`}`
        : 'verified'
  }
}
