import type { Completion, Prompt } from '#core'

/** What a check found: whether the candidate holds, and what is wrong with it or what was looked at. */
export type Found = { readonly pass: boolean; readonly detail: string }

/** Undefined where a candidate has nothing that the check is about. */
export type Check = (candidate: Completion, question: Prompt) => Found | undefined
