import { createHash } from 'node:crypto'

/** A short name for a text: equal texts have equal names, and different ones do not. */
export const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
