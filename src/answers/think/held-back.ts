/** The length of the longest end of `text` that could be the beginning of one of `marks`. */
export function heldBack(text: string, marks: readonly string[]): number {
  const longest = Math.min(text.length, Math.max(0, ...marks.map((mark) => mark.length - 1)))
  for (let length = longest; length > 0; length--) {
    const tail = text.slice(text.length - length)
    if (marks.some((mark) => mark.startsWith(tail))) return length
  }
  return 0
}
