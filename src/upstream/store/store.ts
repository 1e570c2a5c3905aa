/**
 * Texts kept for a while under keys, in this process or beyond it. Whatever is kept may be gone at any time, and every
 * call may reject.
 */
export type Store = {
  /** The text that was set last. */
  get(key: string): Promise<string | undefined>
  /** Keeps a text for `ttlMs` milliseconds at the most, in place of the one before. */
  set(key: string, text: string, ttlMs: number): Promise<void>
  /** What was appended, in order of arrival. A key has either a text or a list. */
  list(key: string): Promise<readonly string[]>
  /** Puts texts behind those that are there, and keeps all of them for `ttlMs` milliseconds from now. */
  append(key: string, texts: readonly string[], ttlMs: number): Promise<void>
}

/** The most texts that one list keeps; further ones are left out. */
export const longestList = 1024

/** Only single texts. */
type Texts = Pick<Store, 'get' | 'set'>

/**
 * Lists over single texts: each is read, extended and written as a whole, so of what is appended in two places at once
 * one may be lost.
 */
export const listed = ({ get, set }: Texts): Store => {
  const list = async (key: string): Promise<readonly string[]> => JSON.parse((await get(key)) ?? '[]')
  return {
    get,
    set,
    list,
    append: async (key, texts, ttlMs) =>
      set(key, JSON.stringify([...(await list(key)), ...texts].slice(0, longestList)), ttlMs),
  }
}
