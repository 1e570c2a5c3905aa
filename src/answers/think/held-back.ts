/** The length of the longest end of `text` that could be the beginning of one of `marks`. */
export function heldBack(text: string, marks: readonly string[]): number {
  // Of a short text it is not worth finding out how long they are.
  const longest = text.length < 64 ? 64 : Math.max(1, ...marks.map(({ length }) => length))
  for (let at = Math.max(0, text.length - longest + 1); at < text.length; at++)
    if (marks.some((mark) => mark[0] === text[at] && mark.startsWith(text.slice(at)))) return text.length - at
  return 0
}
