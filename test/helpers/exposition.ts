/** A sample of Prometheus's text format. */
export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]?Inf|[+-]?[\d.]+(?:e[+-]?\d+)?)$/
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y

/** Reads Prometheus's text format strictly. Throws for a line that is none, a sample without its type, and one said twice. */
export function readExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const types = new Map<string, string>()
  const seen = new Set<string>()
  const samples: Sample[] = []
  for (const written of text.slice(0, -1).split('\n')) {
    if (written === '' || written.startsWith('# HELP ')) continue
    const [, typed, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(written) ?? []
    if (typed && type) {
      types.set(typed, type)
      continue
    }
    const [, name = '', inside = '', value = ''] = line.exec(written) ?? []
    if (name === '') throw new Error(`no sample: ${written}`)
    if (!types.has(name) && !types.has(name.replace(/_(?:bucket|sum|count)$/, '')))
      throw new Error(`no type: ${written}`)
    if (seen.has(`${name}{${inside}}`)) throw new Error(`said twice: ${written}`)
    seen.add(`${name}{${inside}}`)
    samples.push({ name, labels: labelsIn(inside), value: Number(value.replace('Inf', 'Infinity')) })
  }
  return samples
}

function labelsIn(inside: string): Record<string, string> {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < inside.length) {
    const at = label.lastIndex
    const [, name, value] = label.exec(inside) ?? []
    if (name === undefined) throw new Error(`no label: ${inside.slice(at)}`)
    labels[name] = value!
  }
  return labels
}
