import type { Holder, Identify } from '../http/gate.ts'
import { type Digest, digestOf, same } from './digest.ts'
import { type HolderOptions, holderOf } from './holder.ts'
import type { Key } from './key.ts'
import { expired } from './refusals.ts'

export type KeyringOptions = HolderOptions & {
  readonly digest: Digest
  readonly now?: () => number
}

type Entry = { readonly key: Key; readonly digest: string; readonly holder: Holder }

/** The keys that clients may come with; only their digests are compared, every one, and in constant time. */
export function keyring(keys: readonly Key[], { digest, now = Date.now, ...options }: KeyringOptions): Identify {
  let entries: Promise<readonly Entry[]> | readonly Entry[] = Promise.all(
    keys.map(async (key) => ({ key, digest: await digestOf(key.key, digest), holder: holderOf(key, options) })),
  ).then((known) => (entries = known))

  return async (given) => {
    const theirs = await digest(given)
    let found: Entry | undefined
    for (const entry of await entries) if (same(entry.digest, theirs)) found ??= entry
    const { expires } = found?.key ?? {}
    if (expires && expires.getTime() <= now()) throw expired(expires)
    return found?.holder
  }
}
