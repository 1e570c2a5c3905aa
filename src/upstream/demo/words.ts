const names =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety'.split(
    ' ',
  )
const named = (name: string) => {
  const index = names.indexOf(name.toLowerCase())
  return String(index < 20 ? index : (index - 18) * 10)
}
const between = (words: string) => new RegExp(`(?<=[\\d)%]) ?(?:${words}) ?(?=[\\d(.-])`, 'gi')

/** Rewrites, in this order: typography, number words, then phrases that are one operation. */
const rewrites: readonly [RegExp, string | ((word: string) => string)][] = [
  [/\\[()[\]]|[$`]|\*\*|(?<=\d),(?=\d{3}\b)|\b(?:each|every|which|the|any|no) one\b|\bone of\b/gi, ''],
  [/[−–]/g, '-'],
  [new RegExp(`\\b(?:${names.join('|')})\\b`, 'gi'), named],
  [/\b[2-9]0[- ][1-9]\b/g, (pair) => pair[0]! + pair.at(-1)],
  [/\btwice\b/gi, '2 times'],
  [/\bhalf as\b/gi, '0.5 times as'],
  [/ ?percent\b/gi, '%'],
  [/% of (?:the )?(?=[\d(])/gi, '% * '],
  [between('times|multiplied by|[x×·]|\\\\times|\\\\cdot'), ' * '],
  [between('plus'), ' + '],
  [between('minus'), ' - '],
  [between('divided by|over|÷|\\\\div'), ' / '],
]

/** A question with its numbers as digits and its spelled-out operations as signs: "six times 7" is "6 * 7". */
export const plain = (text: string): string =>
  rewrites.reduce((rest, [pattern, by]) => rest.replace(pattern, by as string), text)
