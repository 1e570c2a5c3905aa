/** Thinking apart from answers. */

/** Which answers are the same. */
export { cluster, Groups } from './equivalence/cluster.ts'
export { equivalent } from './equivalence/equivalent.ts'
export type { Policy } from './equivalence/policy.ts'
/** The answer that a text comes to. */
export { type Extracted, type ExtractOptions, extractAnswer } from './extract/extract.ts'
/** What the rest of Mull reads texts with. */
export { isRefusal } from './extract/visible.ts'
export { readingOf } from './forms/read.ts'
export { canonicalJson, isObject, parseJson } from './json.ts'
export { heldBack } from './think/held-back.ts'
export { reasoningOf, type ThoughtfulMessage } from './think/message.ts'
export { type SplitThoughts, splitThinking, type ThinkContext, type ThinkState, type Thoughts } from './think/split.ts'
export { ThinkSplitter } from './think/splitter.ts'
