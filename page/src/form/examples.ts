/** Questions that a small model is unsure of, so that there is something to vote on. */
export const examples: readonly { readonly name: string; readonly question: string }[] = [
  { name: 'A product', question: 'What is 73 × 68?' },
  { name: 'A chain', question: 'What is 37 × 48 + 125?' },
  { name: 'A hard product', question: 'What is 517 × 86?' },
  { name: 'A countdown', question: 'Make 85 from the numbers 4, 13, 100, 6. Use each number exactly once.' },
]
