const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
}

/**
 * What a formula comes to: numbers, names, `+ - * /`, brackets, and ceil, floor, log2, min and max. Used for the costs
 * that strategies state, as in `n * (1 + score)`. Throws an Error for a formula it cannot read or a name without a value.
 */
export function evaluate(formula: string, values: Readonly<Record<string, number>>): number {
  const tokens = formula.match(/\d+(?:\.\d+)?|[a-z]\w*|\S/gi) ?? []
  let at = 0
  const next = () => tokens[at++]
  const sum = (): number => chain(product, { '+': (a, b) => a + b, '-': (a, b) => a - b })
  const product = (): number => chain(atom, { '*': (a, b) => a * b, '/': (a, b) => a / b })
  const found = sum()
  if (at < tokens.length) throw unread()
  return found

  function chain(part: () => number, signs: Readonly<Record<string, (a: number, b: number) => number>>): number {
    let value = part()
    while (Object.hasOwn(signs, tokens[at] ?? '')) value = signs[next()!]!(value, part())
    return value
  }

  function atom(): number {
    const token = next() ?? ''
    if (token === '(') return closed(sum())
    if (/^\d/.test(token)) return Number(token)
    if (Object.hasOwn(functions, token) && tokens[at] === '(') {
      at++
      const given = [sum()]
      while (tokens[at] === ',') {
        at++
        given.push(sum())
      }
      return closed(functions[token]!(...given))
    }
    if (!Object.hasOwn(values, token)) throw unread()
    return values[token]!
  }

  function closed(value: number): number {
    if (next() !== ')') throw unread()
    return value
  }

  function unread(): Error {
    return new Error(`The formula "${formula}" cannot be read at "${tokens.slice(Math.max(0, at - 1)).join(' ')}".`)
  }
}
