/** Who is asked upstream. */
export type Provider = {
  /** As the GenAI conventions call it. */
  readonly name: string
  /** Its host; undefined for the model that is built in. */
  readonly address: string | undefined
}

const known: Readonly<Record<string, string>> = {
  'anthropic.com': 'anthropic',
  'deepseek.com': 'deepseek',
  'groq.com': 'groq',
  'mistral.ai': 'mistral_ai',
  'perplexity.ai': 'perplexity',
  'x.ai': 'x_ai',
}

/** Whoever else is asked speaks OpenAI's API, which is what the conventions call it then. */
export function providerOf(url: string | undefined): Provider {
  if (url === undefined) return { name: 'mull', address: undefined }
  const { hostname } = new URL(url)
  const [, name = 'openai'] = Object.entries(known).find(([domain]) => `.${hostname}`.endsWith(`.${domain}`)) ?? []
  return { name, address: hostname }
}
