import { LRUCache } from 'lru-cache'
import type { Completion, Strategy } from '#core'
import { keyOf } from './key.ts'

export type Store = LRUCache<string, Completion>

/** Completions of the last `entries` draws, or none at all for 0. */
export const store = (entries: number): Store | undefined =>
  entries > 0 ? new LRUCache<string, Completion>({ max: entries }) : undefined

/**
 * Remembers completions by prompt and draw: the same draw of the same question is drawn once, and two draws of one
 * question never become one sample. `owner` keeps apart what was asked with different keys. One that was cut off is worth
 * another try.
 */
export const cached =
  (store: Store | undefined, owner: string): Strategy =>
  (model) =>
    store === undefined
      ? model
      : async (prompt, scope) => {
          const key = [owner, scope.draws.join('.'), keyOf(prompt)].join('\n')
          const known = store.get(key)
          if (known) {
            scope.say(known)
            return known
          }
          const completion = await model(prompt, scope)
          if (completion.finish !== 'length') store.set(key, completion)
          return completion
        }
