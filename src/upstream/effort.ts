/** How upstreams are told how long to think; `none` tells them nothing. */
export const efforts = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'none'] as const
export type Effort = (typeof efforts)[number]

type Body = Readonly<Record<string, unknown>>

/** A body whose `reasoning_effort` is said as the upstream understands it. A word that has no translation stays as it is. */
export function inEffort(body: Body, dialect: Effort = 'reasoning_effort'): Body {
  const { reasoning_effort: effort, ...rest } = body
  if (effort === undefined || dialect === 'reasoning_effort') return body
  if (dialect === 'none' || effort === null) return rest
  const into = (field: string, settings: object) => ({ ...rest, [field]: { ...objectAt(rest, field), ...settings } })
  if (dialect === 'reasoning') return into('reasoning', { effort })
  if (!Object.hasOwn(budgets, String(effort))) return body
  const budget = Math.min(budgets[String(effort)]!, roomIn(body))
  const thinks = budget >= leastBudget
  if (dialect === 'thinking')
    return into('thinking', thinks ? { type: 'enabled', budget_tokens: budget } : { type: 'disabled' })
  return into('chat_template_kwargs', { enable_thinking: thinks, ...(thinks ? { thinking_budget: budget } : {}) })
}

/** About what OpenAI's models think at each effort, in tokens. */
const budgets: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 1024,
  low: 4096,
  medium: 16_384,
  high: 32_768,
  xhigh: 65_536,
  max: 65_536,
}

/** The least that Anthropic's API takes. */
const leastBudget = 1024

/** The thinking counts against the limit, and must leave some of it to the answer. */
function roomIn({ max_tokens, max_completion_tokens }: Body): number {
  const limits = [max_tokens, max_completion_tokens].filter((limit) => typeof limit === 'number')
  return Math.floor(Math.min(...limits) * 0.8)
}

const objectAt = (body: Body, field: string): object => {
  const value = body[field]
  return typeof value === 'object' && value !== null ? value : {}
}
