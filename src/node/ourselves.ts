import * as nodeModule from 'node:module'

/** What a configuration file and what it imports may import of Mull without it being installed beside them, and where that is. */
const sources: Readonly<Record<string, string>> = {
  'mull/config': '../config/define.ts',
  'mull/core': '../core/index.ts',
  'mull/answers': '../answers/index.ts',
  'mull/vote': '../vote/index.ts',
  'mull/strategies': '../../strategies/index.ts',
}

/**
 * They are given the modules that run here: of another copy, an error or a strategy would be a stranger. Deno asks nobody
 * what a file imports, and reads it in deno.json.
 */
export function findOurselves(): void {
  const parentURL = import.meta.url
  const built = !parentURL.endsWith('.ts')
  const sourceOf = (specifier: string) => (built ? specifier : sources[specifier]!)
  const { Bun: bun } = globalThis as { readonly Bun?: Bun }
  bun?.plugin({
    name: 'mull',
    setup({ module }) {
      for (const name of Object.keys(sources)) {
        // By its name it would be asked for here again.
        const place = import.meta.resolve(sourceOf(name))
        module(name, async () => ({ loader: 'object', exports: await import(place) }))
      }
    },
  })
  nodeModule.registerHooks?.({
    resolve: (specifier, context, next) =>
      Object.hasOwn(sources, specifier)
        ? next(sourceOf(specifier), { ...context, parentURL })
        : next(specifier, context),
  })
}

/** As far as it is used here. */
type Bun = {
  plugin(plugin: {
    readonly name: string
    setup(build: {
      module(name: string, load: () => Promise<{ readonly loader: 'object'; readonly exports: object }>): void
    }): void
  }): void
}
