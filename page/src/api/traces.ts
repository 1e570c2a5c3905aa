import type { Happened, Recorded, Summary } from './events.ts'
import { eventsOf, send } from './send.ts'

/** The last requests, the latest first. Rejects with Refused. */
export const summaries = async (): Promise<readonly Summary[]> => (await (await send('traces')).json()).data

/** A request and everything that happened in it. Rejects with Refused. */
export const recorded = async (id: string): Promise<Recorded> => (await send(`traces/${encodeURIComponent(id)}`)).json()

/** What happens in a request, from its beginning and as it happens, up to its end. Rejects with Refused. */
export async function* watch(id: string): AsyncGenerator<Happened> {
  const response = await send(`traces/${encodeURIComponent(id)}/events`)
  for await (const data of eventsOf(response)) yield data as Happened
}
