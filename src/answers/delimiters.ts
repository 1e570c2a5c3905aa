/** How models mark their thinking in plain text: opening and closing, in lower case. */
export const delimiters: readonly { readonly open: string; readonly close: string }[] = [
  { open: '<think>', close: '</think>' },
  { open: '<thinking>', close: '</thinking>' },
  { open: '<thought>', close: '</thought>' },
  { open: '<reasoning>', close: '</reasoning>' },
  { open: '<seed:think>', close: '</seed:think>' },
  { open: '<mm:think>', close: '</mm:think>' },
  { open: '[think]', close: '[/think]' },
  { open: '◁think▷', close: '◁/think▷' },
  { open: '<|begin_of_thought|>', close: '<|end_of_thought|>' },
  { open: '<|start_thinking|>', close: '<|end_thinking|>' },
]

/** A chat template may have opened the block already, so that only these are ever seen. */
export const bareCloses: readonly string[] = ['</think>', '[/think]', '◁/think▷', '</seed:think>', '</mm:think>']

/** The length of the longest end of `text` that could be the beginning of one of `marks`. */
export function heldBack(text: string, marks: readonly string[]): number {
  const longest = Math.min(text.length, Math.max(0, ...marks.map((mark) => mark.length - 1)))
  for (let length = longest; length > 0; length--) {
    const tail = text.slice(text.length - length)
    if (marks.some((mark) => mark.startsWith(tail))) return length
  }
  return 0
}

/** Where the first of `marks` stands in `text`, and which; undefined if none does. */
export function firstOf(text: string, marks: readonly string[]): { at: number; mark: string } | undefined {
  const lower = text.toLowerCase()
  let first: { at: number; mark: string } | undefined
  for (const mark of marks) {
    const at = lower.indexOf(mark)
    if (at >= 0 && (!first || at < first.at)) first = { at, mark }
  }
  return first
}
