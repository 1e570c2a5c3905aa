export { bestOfN } from './best-of-n.ts'
export { none } from './none.ts'
export { selfConsistency } from './self-consistency.ts'
export { treeOfThoughts } from './tree-of-thoughts.ts'
