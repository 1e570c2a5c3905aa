/** The length of the longest end of `text` that could be the beginning of one of `marks`. */
export function heldBack(text: string, marks: readonly string[]): number {
  for (
    let at = Math.max(0, text.length - Math.max(1, ...marks.map(({ length }) => length)) + 1);
    at < text.length;
    at++
  )
    if (marks.some((mark) => mark[0] === text[at] && mark.startsWith(text.slice(at)))) return text.length - at
  return 0
}
