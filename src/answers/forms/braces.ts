/** Behind the brace that closes the one at `open`; undefined if none does, or there is none. */
export function closingBrace(text: string, open: number): number | undefined {
  if (text[open] !== '{') return undefined
  for (let at = open, depth = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at + 1
  }
  return undefined
}
