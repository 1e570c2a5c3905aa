import { over } from '#core'
import { AnswerTally } from '#vote'
import type { Config } from './config/index.ts'
import { identifyBy, wantedBy } from './gate.ts'
import type { Engine, HttpOptions, ModelEntry } from './http/engine.ts'
import type { Digest } from './keys/digest.ts'
import { pantryOf } from './pantry.ts'
import { catalogueOf } from './recipe/catalogue.ts'
import { fromOptillm } from './recipe/optillm.ts'
import { type Pantry, resolve } from './recipe/resolve.ts'
import { answersOf, type Shelves } from './remembered.ts'
import { scorerOf } from './scorers/index.ts'
import { servicesOf } from './services.ts'
import { memoryAllowances } from './state/memory.ts'
import { type Known, toldBy } from './upstream/capabilities.ts'
import type { UpstreamOptions } from './upstream/index.ts'
import { digest } from './upstream/store/digest.ts'
import type { Transport } from './upstream/transport.ts'
import { titlesOf, upstreamsOf } from './upstreams.ts'

/** Puts the pieces together: names become recipes, recipes become models of the upstreams. */
export function createEngine(
  config: Config,
  transportOf: (upstream: string) => Transport,
  shelves: Shelves,
  isolated?: UpstreamOptions['isolated'],
  around?: UpstreamOptions['around'],
): Engine {
  const upstream = upstreamsOf(config, transportOf, shelves, isolated, around)
  const services = servicesOf(config, isolated !== undefined)
  const { aliases } = config
  const pantry = pantryOf(config)

  return {
    reads: upstream.reads || config.optillm || Object.keys(aliases).length > 0,
    renames: (model) => model.includes('+') || config.optillm || Object.hasOwn(aliases, model),
    relay: upstream.relay,
    lacking: upstream.lacking,
    answers: answersOf(config, shelves),

    translated: (body, caller) =>
      fromOptillm(body, config.optillm, async () => {
        const listed = await upstream.models(caller).catch(() => [])
        return [...Object.keys(aliases), ...listed.map(({ id }) => id)]
      }),

    async plan(name, strategy, caller, reuse) {
      const plain = strategy === undefined && !name.includes('+') && !Object.hasOwn(aliases, name)
      if (plain) return { kind: 'relay', model: name, wanted: { models: [{ model: name }], strategies: [] } }
      // An upstream without a list of models has no exact names to win.
      const listed = name.includes('+') ? await upstream.models(caller).catch(() => []) : []
      const model = (name: string, extra?: string) => {
        const recipe = resolve(
          name,
          extra,
          listed.map(({ id }) => id),
          { ...pantry, aliases },
        )
        return { ...recipe, whole: over(upstream.model(recipe.model, caller, reuse), ...recipe.stages) }
      }
      const recipe = model(name, strategy)
      const wanted = wantedBy(recipe)
      if (recipe.stages.length === 0) return { kind: 'relay', model: recipe.model, wanted }
      return {
        kind: 'recipe',
        base: recipe.model,
        wanted,
        most: recipe.calls,
        recipe: recipe.text,
        model: recipe.whole,
        calls: recipe.calls > recipe.unasked ? recipe.calls : undefined,
        context: {
          models: (name) => {
            const named = model(name)
            caller.holder?.check(wantedBy(named))
            return named.whole
          },
          judge: upstream.model(config.scorers.judge ?? recipe.model, caller, reuse),
          scorers: (spec) => scorerOf(spec, pantry.scorers),
          can: upstream.can(recipe.model, caller),
          services,
          tally: (question, note, voting) => new AnswerTally(question, note, voting),
        },
      }
    },

    async models(caller) {
      const listed = await upstream.models(caller)
      const named = Object.entries(aliases).map(([id, target]) => ({ ...entry(id), mull: { alias_of: target } }))
      const shown = listed.map((model) => withAbilities(model, upstream.known(model.id)))
      return [...named, ...shown, ...listed.flatMap((model) => withEach(pantry.strategies, model))]
    },

    catalogue: () => catalogueOf(pantry),
  }
}

const entry = (id: string): ModelEntry => ({ id, object: 'model', created: 0, owned_by: 'mull' })

/** A model with what is known of its abilities; nothing is asked for the sake of a list. */
const withAbilities = (model: ModelEntry, known: Known): ModelEntry => {
  const can = { ...toldBy(model), ...known }
  return Object.keys(can).length > 0 ? { ...model, mull: { ...(model['mull'] as object | undefined), can } } : model
}

/** A model with each strategy, so that a client can pick it from a menu; the base model's own fields go along. */
const withEach = (strategies: Pantry['strategies'], model: ModelEntry): readonly ModelEntry[] =>
  strategies.map(({ id }) => ({ ...model, id: `${model.id}+${id}`, mull: { base: model.id, strategy: id } }))

/** What the HTTP layer takes from the configuration; `allowances` says where the use of keys is counted. */
export function httpOptions(config: Config, allowances = memoryAllowances(), hash: Digest = digest): HttpOptions {
  const { body, n, expected: _, ...limits } = config.limits
  return {
    identify: identifyBy(config, allowances, hash),
    think: config.think,
    bank: config.bank.mode,
    limits,
    mostAnswers: n,
    deadlineMs: config.deadline.ms,
    quorum: config.deadline.quorum,
    hedge: config.hedge,
    maxBodyBytes: body * 1024 * 1024,
    keepAliveMs: config.server.keepAlive,
    upstream: titlesOf(config, 'demo (a simulation)'),
  }
}
