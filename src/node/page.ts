import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { createPage } from '../http/page.ts'

/** Where the page was built to, in a checkout and in the package. */
const root = [new URL('../../dist/page/', import.meta.url), new URL('page/', import.meta.url)]
  .map((folder) => fileURLToPath(folder))
  .find((folder) => existsSync(folder))

/** Serves the page; undefined where it was not built. */
export const page = root === undefined ? undefined : createPage(serveStatic({ root }))
