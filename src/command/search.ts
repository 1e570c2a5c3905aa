/** A server that listed models on this machine. */
export type Local = { readonly name: string; readonly url: string; readonly models: readonly string[] }

/** Where the servers that people run listen unless told otherwise, in the order in which they are preferred. */
const usual: ReadonlyMap<number, string> = new Map([
  [11434, 'Ollama'],
  [8000, 'vLLM'],
  [1234, 'LM Studio'],
  [8080, 'llama.cpp'],
  [30000, 'SGLang'],
])

const longestWaitMs = 500

/** The servers of this machine that list models, asked all at once and without any key. */
export async function localServers(ports: readonly number[] = [...usual.keys()]): Promise<readonly Local[]> {
  const found = await Promise.all(ports.map(at))
  return found.filter((server) => server !== undefined)
}

/** Any program may listen there; only a list of models counts. */
async function at(port: number): Promise<Local | undefined> {
  const url = `http://127.0.0.1:${port}/v1`
  try {
    const reply = await fetch(`${url}/models`, { redirect: 'manual', signal: AbortSignal.timeout(longestWaitMs) })
    if (!reply.ok) return undefined
    const { data } = (await reply.json()) as { data?: unknown }
    if (!Array.isArray(data)) return undefined
    const models = data.map((entry) => entry?.id).filter((id) => typeof id === 'string')
    return { name: usual.get(port) ?? 'A server', url, models }
  } catch {
    return undefined
  }
}
