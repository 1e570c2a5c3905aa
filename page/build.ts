/** Builds the page into dist/page. Where only what runs was installed there is nothing to build it with, and no page. */
const vite = await import('vite').catch(() => undefined)
if (vite) await vite.build({ configFile: new URL('vite.config.ts', import.meta.url).pathname })
else console.error('The page is not built: it takes the development dependencies.')
