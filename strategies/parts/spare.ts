import { messageOf, type Run, UpstreamFailed } from '#core'

/** What can be done without: undefined, and said so, where the upstream failed. */
export async function spare<T>(run: Run, what: string, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof UpstreamFailed)) throw error
    run.note(`${what} failed and is left out: ${messageOf(error)}`)
    return undefined
  }
}
