import type { Completion, Prompt, Scope, Shared } from '#core'
import { oncePerPrompt } from '../key.ts'
import { digest } from '../store/digest.ts'
import type { Store } from '../store/store.ts'
import { readKept, sameAnswers, written } from './kept.ts'

export type BankOptions = {
  readonly store: Store
  /** Tells upstreams, and how they are asked, apart where several share a store. */
  readonly origin: string
  /** Whether all who are let in by a key that is not the upstream's have one bank. */
  readonly shared: boolean
  /** How long a sample is kept after the last that was drawn of its prompt, in milliseconds. */
  readonly ttlMs: number
  /** For a store that is slow to write: what is drawn within so many milliseconds is written at once; default 0. */
  readonly pauseMs?: number
  /** Keeps the runtime alive until what was begun is done (Workers). */
  readonly outlive?: (work: Promise<unknown>) => void
}

/** What one request knows of the samples of one prompt. */
export type Pool = {
  /** Those that there were when it first asked, in a lasting order. */
  readonly banked: Promise<readonly Completion[]>
  /** How many of the prompt it has asked for. */
  asked: number
  /** Puts one that it has drawn into the bank. */
  keep(at: number, sample: Completion): void
}

/**
 * Samples by their prompt, for other requests to count: the pool of a request is what was there when it first asked, of
 * which it takes each sample once, and what it draws itself it never gets back.
 */
export class Bank {
  readonly #options: BankOptions
  readonly #pools = new WeakMap<Shared, Map<string, Pool>>()

  constructor(options: BankOptions) {
    this.#options = options
  }

  /** `asked` is who asks which model. `fresh` takes nothing out of the bank. */
  pool(asked: string, prompt: Prompt, scope: Scope, fresh: boolean): Pool {
    const { shared } = scope
    const pools = this.#pools.get(shared) ?? new Map<string, Pool>()
    this.#pools.set(shared, pools)
    const name = `${asked}\n${keyOf(prompt)}`
    const pool = pools.get(name) ?? this.#open(digest(`${this.#options.origin}\n${name}`), scope, fresh)
    pools.set(name, pool)
    return pool
  }

  #open(digested: Promise<string>, scope: Scope, fresh: boolean): Pool {
    const { store, ttlMs, pauseMs = 0, outlive = () => {} } = this.#options
    const key = digested.then((digest) => `bank:${digest}`)
    let waiting: string[] = []
    let writing: Promise<unknown> = Promise.resolve()

    const write = async () => {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      const texts = waiting
      waiting = []
      await store.append(await key, texts, ttlMs)
    }
    const load = async () => {
      try {
        const samples = readKept(await store.list(await key))
        if (samples.length > 0) scope.note(has(samples.length))
        return samples
      } catch {
        scope.note(outOfReach)
        return []
      }
    }
    return {
      banked: fresh ? Promise.resolve([]) : load(),
      asked: 0,
      keep(at, sample) {
        waiting.push(written({ at, sample }))
        if (waiting.length > 1) return
        // A bank that cannot be written to costs a later request its samples, and this one nothing.
        writing = writing.then(write).catch(() => {})
        outlive(writing)
      },
    }
  }
}

const keyOf = oncePerPrompt(sameAnswers)

const has = (count: number) =>
  `The bank has ${count === 1 ? 'a sample' : `${count} samples`} of this prompt, to be counted before any more are drawn.`

const outOfReach = 'The sample bank is out of reach, so all samples are drawn.'
