import { readConfig } from '../config/index.ts'
import type { Bank } from '../eval/bank.ts'
import type { Contestant } from '../eval/contestant.ts'
import type { Evaluation } from '../eval/evaluate.ts'
import { bankName, contestantsHere } from '../eval/here.ts'
import { contestantThere } from '../eval/there.ts'
import { servicesOf } from '../services.ts'
import { titlesOf } from '../upstreams.ts'
import type { EvalFlags } from './eval.ts'
import { firstListed } from './first-listed.ts'
import { mullHere } from './here.ts'
import { type Send, sendTo } from './sending.ts'
import { chosenUpstream } from './upstream.ts'

/** Who is asked, and how: recipes through the engine in this process, or through a Mull that runs already. */
export async function contest(
  flags: EvalFlags,
  recipes: readonly string[],
  bank: Bank,
): Promise<Pick<Evaluation, 'contestants' | 'setting' | 'services' | 'banked'>> {
  const { temperature, seed, maxTokens, url } = flags
  const config = url === undefined ? await chosenUpstream(flags) : readConfig(process.env)
  const origin = url ?? titlesOf(config, 'tiny-r1 (built in)')
  const here = mullHere(config)
  const send: Send = url ? sendTo(url, flags.key) : async (path) => here.app.fetch(new Request(`http://mull/v1${path}`))
  const models = flags.model
    ?.split(',')
    .map((model) => model.trim())
    .filter(Boolean) ?? [await firstListed(send)]
  const made = contestantsHere(config, here, bank, origin)
  const make = async (model: string, recipe: string): Promise<Contestant> =>
    url ? contestantThere((path, body, signal) => send(path, body, signal), model, recipe) : made(model, recipe)
  const contestants: Contestant[] = []
  for (const model of models) for (const recipe of recipes) contestants.push(await make(model, recipe))
  const { judge, reward, verify } = config.scorers
  return {
    contestants: contestants.filter(({ text }, at) => contestants.findIndex((other) => other.text === text) === at),
    setting: { origin, judges: [judge, reward.url, reward.model, verify.url], temperature, seed, maxTokens },
    services: servicesOf(config, false),
    banked: (model) => bankName(origin, model),
  }
}
