/** The items of a list as models write them, a line each; a text without any list is taken line by line. */
export function listed(text: string, most: number): string[] {
  const items = [...text.matchAll(/^\s*(?:[-*•]|\d+[.)])\s+(\S.*)$/gm)].map(([, item]) => item!)
  const lines = items.length > 0 ? items : text.split('\n')
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))].slice(0, most)
}
