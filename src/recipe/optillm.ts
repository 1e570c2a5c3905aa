import { BadRecipe } from '#core'
import { writeStep } from './grammar.ts'
import { nearest } from './nearest.ts'

type Body = Readonly<Record<string, unknown>>

/** A strategy of ours, and which fields of a request set which of its options. */
type Portable = { readonly strategy: string; readonly options?: Readonly<Record<string, string>> }

/** What OptiLLM calls an approach or a plugin, and what does the same here. */
export const portable: Readonly<Record<string, Portable>> = {
  none: { strategy: 'none' },
  autothink: { strategy: 'auto' },
  bon: { strategy: 'best-of-n', options: { best_of_n: 'n' } },
  cepo: {
    strategy: 'cepo',
    options: { cepo_bestofn_n: 'n', cepo_planning_n: 'planning', cepo_planning_m: 'attempts' },
  },
  cot_reflection: { strategy: 'cot-reflection' },
  deepconf: { strategy: 'deepconf' },
  deepthink: { strategy: 'adaptive-consistency', options: { deepthink_samples: 'max' } },
  genselect: { strategy: 'genselect', options: { num_candidates: 'n' } },
  leap: { strategy: 'leap' },
  majority_voting: { strategy: 'self-consistency', options: { k: 'n' } },
  mars: { strategy: 'mars' },
  mcts: { strategy: 'mcts', options: { mcts_simulations: 'n', mcts_exploration: 'c' } },
  moa: { strategy: 'mixture-of-agents' },
  plansearch: { strategy: 'plan-search' },
  pvg: { strategy: 'prover-verifier' },
  re2: { strategy: 're-read' },
  router: { strategy: 'auto' },
  rstar: { strategy: 'rstar', options: { rstar_num_rollouts: 'rollouts', rstar_max_depth: 'depth', rstar_c: 'c' } },
  rto: { strategy: 'round-trip' },
  self_consistency: { strategy: 'self-consistency' },
  thinkdeeper: { strategy: 'budget-forcing' },
}

const programs = 'runs programs that a model wrote. Tests of your own can decide instead: best-of-n(scorer=verify)'
const pages = 'fetches pages. Let the client fetch them and put them into the prompt, or offer the model a tool'
const long = 'reads a long text in pieces. Ask a model with a context that is long enough'

/** What cannot be done between a client and an upstream, why, and what can. */
export const refused: Readonly<Record<string, string>> = {
  coc: programs,
  cot_decoding: 'chooses the first token itself. Samples at a temperature are as diverse: self-consistency',
  deep_research: pages,
  entropy_decoding: 'reads the model’s attention. What its log-probabilities say of an answer weighs in deepconf',
  executecode: programs,
  json: 'is a model of its own. Send response_format, with any recipe: answers in JSON are voted on by value',
  longcepo: long,
  mcp: 'calls tools by itself. Offer the tools in the request: calls of tools are voted on as answers are',
  memory: long,
  privacy: 'changes the prompt by rules. Do that before it is sent',
  proxy:
    'balances over providers. Name several servers, or a gateway, in UPSTREAM_BASE_URL, or several models in mixture-of-agents',
  readurls: pages,
  spl: 'keeps what it learns between requests. A system prompt is where that belongs; step-back finds principles anew',
  web_search: pages,
  z3: `${programs}; for sums without tests there is self-consistency`,
}

/** What OptiLLM has that can be had here, in its words. */
export const approaches: readonly string[] = Object.keys(portable)

const known = [...approaches, ...Object.keys(refused)]

/**
 * A request in OptiLLM's words as one in ours: its `optillm_approach`, or with `prefixes` the approach before the model's
 * name, becomes `mull.strategy`. Any other request is returned as it is. A model that `listed` has is taken whole. Throws
 * BadRecipe for an approach that is unknown, or cannot be had between a client and an upstream.
 */
export async function fromOptillm(
  body: Body,
  prefixes: boolean,
  listed: () => Promise<readonly string[]>,
): Promise<Body> {
  const { optillm_approach: given, mull, ...fields } = body
  const prefixed = prefixes ? await unprefixed(body['model'], listed) : undefined
  if (given === undefined && !prefixed) return body
  // OptiLLM's "auto" says that the model's name decides.
  const isNamed = given !== undefined && given !== null && given !== 'auto'
  if (isNamed && typeof given !== 'string') throw new BadRecipe('optillm_approach is no text.', 'optillm_approach')
  const recipe = isNamed
    ? recipeOf(given as string, fields, 'optillm_approach')
    : prefixed && recipeOf(prefixed.approach, fields, 'model')
  if (recipe && typeof mull === 'object' && mull !== null && 'strategy' in mull)
    throw new BadRecipe('optillm_approach and mull.strategy are two recipes; give one of them.', 'optillm_approach')
  const kept = Object.entries(fields).filter(([field]) => !isSetting(field))
  return {
    ...Object.fromEntries(kept),
    ...(prefixed ? { model: prefixed.model } : {}),
    ...(recipe || mull !== undefined ? { mull: recipe ? { ...(mull as object), strategy: recipe } : mull } : {}),
  }
}

/** `bon|moa-gpt-4o`: what stands before the first dash, if all of it is approaches. */
async function unprefixed(name: unknown, listed: () => Promise<readonly string[]>) {
  const [, approach = '', model = ''] = (typeof name === 'string' && /^([\w&|]+)-(.+)$/s.exec(name)) || []
  if (!approach.split(/[&|]/).every(isKnown)) return undefined
  const models = await listed()
  if (models.includes(name as string)) return undefined
  const next = model.split('-', 1)[0]!
  if (isKnown(next) && next !== model && !models.includes(model))
    throw new BadRecipe(
      `"${name}" names two approaches in a row. Write ${approach}&${next}-… for one after another, ` +
        `${approach}|${next}-… for both at once.`,
    )
  return { approach, model }
}

/** The recipe for an approach, or for several joined by & and |; undefined where nothing is asked for. */
function recipeOf(approach: string, body: Body, param: string): string | undefined {
  if (approach.trim() === 'none') return undefined
  const parts = approach.split(/([&|])/)
  return parts.map((part, at) => (at % 2 === 0 ? stepOf(part.trim(), body, param) : part)).join('')
}

function stepOf(approach: string, body: Body, param: string): string {
  if (Object.hasOwn(refused, approach))
    throw new BadRecipe(`OptiLLM’s ${approach} is not to be had here: it ${refused[approach]}.`, param)
  if (!Object.hasOwn(portable, approach))
    throw new BadRecipe(
      `OptiLLM has no approach "${approach}".${nearest(approach, known)} ` +
        `Those that are known here are ${approaches.join(', ')}; strategies of ours go into mull.strategy.`,
      param,
    )
  const { strategy: id, options = {} } = portable[approach]!
  const given = Object.entries(options).filter(([field]) => body[field] !== undefined && body[field] !== null)
  for (const [field] of given) if (typeof body[field] !== 'number') throw new BadRecipe(`${field} is no number.`, field)
  return writeStep({ id, options: Object.fromEntries(given.map(([field, option]) => [option, body[field] as number])) })
}

const isKnown = (word: string) => known.includes(word)

/** Fields that only OptiLLM knows, and an upstream may refuse. */
const isSetting = (field: string) =>
  /^(?:optillm|mcts|rstar|cepo|deepthink|mars|spl)_/.test(field) || settings.has(field)
const settings = new Set(['best_of_n', 'return_full_response', 'num_candidates', 'include_reasoning', 'k'])
