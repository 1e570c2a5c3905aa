import * as z from 'zod'
import { section } from '../section.ts'
import { flag, number, whole } from '../values.ts'

/** How Mull itself is served. */
export const server = section(
  z
    .strictObject({
      /** On which address to listen (Node). */
      host: z.string().default('127.0.0.1'),
      /** Where to listen (Node); 0 takes any that is free. */
      port: whole(0, 65_535).default(8787),
      /** Whether the page is served at / (Node; on Workers take [assets] out of wrangler.toml). */
      page: z.boolean().default(true),
      /** How many milliseconds SIGTERM lets requests finish (Node). */
      drain: whole(0).default(30_000),
      /** Milliseconds of silence after which a stream gets a comment, so that no load balancer cuts it. */
      keepAlive: whole(10).default(10_000),
    })
    .prefault({}),
  {
    HOST: ['server.host'],
    MULL_DRAIN_MS: ['server.drain', number],
    MULL_KEEPALIVE_MS: ['server.keepAlive', number],
    MULL_PAGE: ['server.page', flag],
    PORT: ['server.port', number],
  },
)
