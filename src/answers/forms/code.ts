import type { Value } from './value.ts'

/** Program text in a fence, which is not maths: equal up to its language, its spaces and the kind of quotes. */
export function readCode(answer: string): Value | undefined {
  const text = /^\s*```[^\n`]*\n([\s\S]*)```\s*$/.exec(answer)?.[1]
  return text === undefined
    ? undefined
    : { kind: 'text', key: `code ${text.replaceAll("'", '"').replaceAll(/\s+/g, ' ').trim()}` }
}
