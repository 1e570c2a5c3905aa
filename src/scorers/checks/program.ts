import { BadRecipe } from '#core'

const mostStates = 1000

export type State =
  | { readonly kind: 'one'; readonly is: (sign: string) => boolean }
  | { readonly kind: 'at'; readonly is: (before: string | undefined, after: string | undefined) => boolean }
  | { readonly kind: 'split'; readonly to: readonly number[] }
  | { readonly kind: 'end' }

/** Reads a pattern into states, each of which goes on with the one behind it. Throws BadRecipe for one that cannot be used. */
export function program(source: string): readonly State[] {
  // What is sound is left to JavaScript; it only has to be taken apart here.
  compile(source, source)
  const states: State[] = []
  let at = 0
  choice()
  states.push({ kind: 'end' })
  return states

  function choice(): void {
    const start = states.length
    const ends: number[] = []
    let from = start
    for (;;) {
      while (at < source.length && !'|)'.includes(source[at]!)) repeated()
      if (source[at] !== '|') break
      at++
      states.splice(from, 0, { kind: 'split', to: [] })
      shift(from + 1, from, 1)
      ends.push(states.length)
      states.push({ kind: 'split', to: [] })
      states[from] = { kind: 'split', to: [from + 1, states.length] }
      from = states.length
      limit()
    }
    for (const end of ends) states[end] = { kind: 'split', to: [states.length] }
  }

  function repeated(): void {
    const start = states.length
    atom()
    const times = /[*+?]\??|\{(\d+)(?:(,)(\d*))?\}\??/y
    times.lastIndex = at
    const [sign, least, comma, most] = times.exec(source) ?? []
    if (sign === undefined) return
    at += sign.length
    const from = least === undefined ? (sign[0] === '+' ? 1 : 0) : Number(least)
    const to = least === undefined ? (sign[0] === '?' ? 1 : Infinity) : !comma ? from : most ? Number(most) : Infinity
    const body = states.splice(start)
    const copies = Math.max(from, Number.isFinite(to) ? to : from + 1)
    if (start + copies * (body.length + 2) > mostStates) throw unusable('it is too large')
    for (let copy = 0; copy < copies; copy++) {
      const here = states.length
      const optional = copy >= from
      if (optional) states.push({ kind: 'split', to: [here + 1, here + body.length + 1 + (to === Infinity ? 1 : 0)] })
      const moved = states.length - start
      states.push(
        ...body.map((state) => (state.kind === 'split' ? { ...state, to: state.to.map((to) => to + moved) } : state)),
      )
      if (to === Infinity && optional) states.push({ kind: 'split', to: [here] })
    }
    limit()
  }

  function atom(): void {
    const group = /\((?:\?(?::|<[A-Za-z_]\w*>))?/y
    group.lastIndex = at
    const [open] = group.exec(source) ?? []
    if (open !== undefined) {
      at += open.length
      if (source[at] === '?' || /^<[=!]/.test(source.slice(at))) throw unusable('it looks around or sets flags')
      choice()
      at++
      return
    }
    const one = /\[(?:\\.|[^\]\\])*\]|\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|[pP]\{[^}]*\}|c[A-Z]|.)|[\s\S]/iuy
    one.lastIndex = at
    const [written] = one.exec(source)!
    at += written.length
    if (/^\\[1-9k]/.test(written)) throw unusable('it refers back')
    if (written === '^') states.push({ kind: 'at', is: (before) => before === undefined })
    else if (written === '$') states.push({ kind: 'at', is: (_before, after) => after === undefined })
    else if (/^\\b$/i.test(written))
      states.push({ kind: 'at', is: (a, b) => (isWord(a) !== isWord(b)) === (written === '\\b') })
    else states.push({ kind: 'one', is: known(compile(`^(?:${written})$`, source)) })
  }

  /** The states from `from` on have moved by `by`, and with them where they lead if that is not before `since`. */
  function shift(from: number, since: number, by: number): void {
    for (let state = from; state < states.length; state++) {
      const found = states[state]!
      if (found.kind === 'split') states[state] = { ...found, to: found.to.map((to) => (to >= since ? to + by : to)) }
    }
  }

  function limit(): void {
    if (states.length > mostStates) throw unusable('it is too large')
  }

  function unusable(why: string): BadRecipe {
    return new BadRecipe(`verify: the pattern ${JSON.stringify(source)} cannot be used: ${why}.`)
  }
}

const isWord = (sign: string | undefined) => sign !== undefined && /^\w$/.test(sign)

/** Texts have few different signs, and are long. */
function known(one: RegExp): (sign: string) => boolean {
  const answers = new Map<string, boolean>()
  return (sign) => {
    const answer = answers.get(sign) ?? one.test(sign)
    answers.set(sign, answer)
    return answer
  }
}

function compile(part: string, source: string): RegExp {
  try {
    return new RegExp(part, 'su')
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : ''
    throw new BadRecipe(`verify: the pattern ${JSON.stringify(source)} is no regular expression: ${why}.`)
  }
}
