import { cors } from 'hono/cors'

/** What lets a page of any origin read a reply. */
export const openToPages = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }

/** Lets pages of any origin ask, and read the reply. */
export const pagesMayAsk = () => cors({ origin: '*', exposeHeaders: ['*'], maxAge: 86_400 })
