import type { Strategy } from './entries.ts'
import { send } from './send.ts'

export type Catalogue = {
  /** Models by name, without the names that have a strategy in them. */
  readonly models: readonly string[]
  readonly strategies: readonly Strategy[]
  readonly scorers: readonly Strategy[]
}

type List<T> = { readonly data: readonly T[] }
type Model = { readonly id: string; readonly mull?: { readonly base?: string } }

/** What can be asked for. Rejects with Refused. */
export async function catalogue(): Promise<Catalogue> {
  const [models, entries] = await Promise.all([list<Model>('models'), list<Strategy>('strategies')])
  return {
    models: models.flatMap(({ id, mull }) => (mull?.base === undefined ? id : [])),
    strategies: entries.filter(({ object }) => object === 'strategy'),
    scorers: entries.filter(({ object }) => object === 'scorer'),
  }
}

const list = async <T>(path: string): Promise<readonly T[]> => ((await (await send(path)).json()) as List<T>).data

/** Why a model's name with a recipe would be refused; undefined if it would not. */
export async function refusalOfName(name: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    await send(`models/${encodeURIComponent(name)}`, { signal })
    return undefined
  } catch (error) {
    return signal.aborted ? undefined : (error as Error).message
  }
}
