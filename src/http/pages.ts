import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

/** What lets a page of any origin read a reply. */
export const openToPages = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }

const open = cors({ origin: '*', exposeHeaders: ['*'], maxAge: 86_400 })

/** Lets pages of any origin ask; only a browser sends an origin, and only a browser needs the answer. */
export const pagesMayAsk: MiddlewareHandler = (c, next) =>
  c.req.header('origin') === undefined ? next() : open(c, next)
