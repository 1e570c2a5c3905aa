import type { Material } from './extract.ts'

/** The last <answer>...</answer>. */
export function tagged({ text }: Material): string | undefined {
  const last = [...text.matchAll(/<(answer|final_answer)>([\s\S]{1,4000}?)<\/\1>/gi)].at(-1)?.[2]
  return last?.trim() || undefined
}
