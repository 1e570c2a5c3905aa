import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Answerer } from './measured.ts'

/** A recording of what a real model said to one question. */
export type Recording = {
  readonly id: string | number
  readonly question: string
  readonly samples: readonly string[]
  readonly correct: readonly boolean[]
}

/** The recordings of a file (gzip, a JSON object a line). */
export async function recordings<T extends Recording>(folder: string, name: string): Promise<readonly T[]> {
  const text = gunzipSync(await readFile(join(folder, name))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** A model that says again what was recorded, the draws of the question in the order given. */
export const replayed =
  (samples: readonly string[]): Answerer =>
  (_, { draws }) => {
    const text = samples[draws.at(-1) ?? 0]!
    return { completion: { text, finish: 'stop' }, tokens: Math.round(text.length / 4) }
  }
