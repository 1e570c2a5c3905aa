import { Hono, type MiddlewareHandler } from 'hono'

/**
 * Headers of the page and its files: nothing runs, is shown or is asked that does not come from the page's own origin, and
 * nobody else's page can frame it.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
}

/** Of files that are called by what is in them. */
export const assetHeaders: Readonly<Record<string, string>> = { 'cache-control': 'public, max-age=31536000, immutable' }

/** Whether a request is for one of the page's files, which the API has none like. */
export const isOfPage = ({ method, url = '' }: { method?: string | undefined; url?: string | undefined }): boolean =>
  (method === 'GET' || method === 'HEAD') && files.test(url)

const files = /^\/(?:index\.html|favicon\.svg|assets\/[^?]*)?(?:\?|$)/

/** Serves the page's files, wherever they are read from. */
export function createPage(served: MiddlewareHandler): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      const headers = {
        'cache-control': 'no-cache',
        ...pageHeaders,
        ...(c.req.path.startsWith('/assets/') && assetHeaders),
      }
      for (const [name, value] of Object.entries(headers)) c.header(name, value)
    })
    .get('*', served)
}
