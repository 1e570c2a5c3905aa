/** Whether a place in the text is within code: a fenced block, or backticks closed on the same line. */
export function codeIn(text: string): (at: number) => boolean {
  const ranges = [
    ...text.matchAll(/(?<=^|\n)[ \t]*(```|~~~)[^\n]*\n[\s\S]*?\n[ \t]*\1|(`{1,2})(?!`)[^`\n]+\2(?!`)/g),
  ].map(({ 0: code, index }) => [index, index + code.length] as const)
  return (at) => ranges.some(([from, to]) => at >= from && at < to)
}
