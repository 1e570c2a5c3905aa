import * as z from 'zod'
import type { Address } from '../upstream/replicas/replica.ts'
import { address, headers, list } from './values.ts'

export type Addresses = readonly [Address, ...Address[]]

const one = z.strictObject({
  url: z.string(),
  weight: z.number().default(1),
  key: z.string().optional(),
  headers: headers.optional(),
})

/** One address, or several of servers with the same models: "http://a:8000;weight=2, http://b:8000", or a list. */
export const addresses = z
  .union(
    [z.string(), z.array(z.union([z.string(), one]))],
    'it is no address like http://localhost:8000/v1, and no list of such or of { url, weight, key, headers }',
  )
  .transform((given, context): Addresses => {
    const parts = typeof given === 'string' ? list(given) : given
    const read = parts.map((part) => (typeof part === 'string' ? readPart(part) : part))
    if (read.length === 0) context.addIssue('there is no address in it')
    for (const { url, weight } of read) {
      if (!address.safeParse(url).success) context.addIssue(`"${url}" is not an address like http://localhost:8000/v1`)
      else if (!(Number(weight) > 0 && Number.isFinite(Number(weight))))
        context.addIssue(`the weight "${weight}" is not a number above 0`)
    }
    if (context.issues.length > 0) return z.NEVER
    return read.map(({ url, weight, ...own }) => ({
      ...own,
      url: withVersion(url),
      weight: Number(weight),
    })) as unknown as Addresses
  })

function readPart(part: string): { url: string; weight: string | number } {
  const [, url, weight = 1] = /^(.*?)(?:;weight=([^;]*))?$/.exec(part)!
  return { url: url!, weight }
}

/** A bare host means its `/v1`, which is where every server has it. */
function withVersion(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + (pathname === '/' ? '/v1' : pathname.replace(/\/+$/, ''))
}
