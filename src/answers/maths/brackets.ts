const turns: ReadonlyMap<string, number> = new Map([
  ...[...'([{⦃⟨', '\\begin'].map((open): [string, number] => [open, 1]),
  ...[...')]}⦄⟩', '\\end'].map((close): [string, number] => [close, -1]),
])

/** How far a sign leads into brackets: 1 for one that opens, -1 for one that closes, else 0. */
export const turn = (text: string): number => turns.get(text) ?? 0
