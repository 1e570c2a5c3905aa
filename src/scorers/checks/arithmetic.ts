import { equivalent } from '#answers'
import type { Completion } from '#core'
import type { Found } from './check.ts'
import { plain, type Token, tokensOf } from './tokens.ts'

/** How many equations are looked at, from the end. */
const most = 100
const longest = 100_000

/**
 * Whether the candidate's own equations hold, as in 12 x 7 = 84, in its text and in its thinking. Who thinks makes
 * mistakes and corrects them, so of equations with one left side the last counts.
 */
export function equations({ text, thinking = '' }: Completion): Found | undefined {
  const stated = new Map<string, Equation>()
  for (const equation of [...equationsIn(thinking), ...equationsIn(text)]) {
    const key = equation.left.replaceAll(' ', '')
    stated.delete(key)
    stated.set(key, equation)
  }
  const last = [...stated.values()].slice(-most)
  if (last.length === 0) return undefined
  const wrong = last.find((equation) => !holds(equation))
  if (wrong) return { pass: false, detail: `${wrong.left} is not ${wrong.right}.` }
  return { pass: true, detail: last.length === 1 ? 'Its equation holds.' : `Its ${last.length} equations hold.` }
}

type Equation = { readonly left: string; readonly right: string }

/** A decimal may be a rounded one; a whole number is not. */
const holds = ({ left, right }: Equation) => equivalent(left, right, { rounding: /\.\d/.test(right) })

/** Chains of sides that are numbers alone; what is part of something larger (2x = 6, log 8 + 1 = 4) is none of them. */
export function equationsIn(written: string): readonly Equation[] {
  return plain(written.slice(-longest)).split('\n').flatMap(equationsOf)
}

function equationsOf(line: string): readonly Equation[] {
  if (!line.includes('=')) return []
  const found: Equation[] = []
  const tokens = tokensOf(line)
  for (let from = 0; from < tokens.length; from++) {
    let to = from
    while (to < tokens.length && isMaths(tokens[to]!)) to++
    if (to > from) found.push(...chained(tokens.slice(from, to), tokens[from - 1], tokens[to]))
    from = to
  }
  return found
}

/** Neighbours in a = b = c. The ends of the chain are only taken where nothing beside them belongs to them. */
function chained(run: readonly Token[], before: Token | undefined, after: Token | undefined): readonly Equation[] {
  const sides: Token[][] = [[]]
  for (const token of run) {
    if (token.text === '=') sides.push([])
    else sides.at(-1)!.push(token)
  }
  const written = sides.map((side, at) => {
    const whole = (at > 0 || !leads(before, run[0]!)) && (at < sides.length - 1 || !follows(after))
    return whole && isSound(side) ? side.map(({ text }) => text).join(' ') : undefined
  })
  return written.slice(1).flatMap((right, at) => {
    const left = written[at]
    const sums = [sides[at]!, sides[at + 1]!].some((side) => side.filter(({ kind }) => kind === 'number').length > 1)
    return left !== undefined && right !== undefined && sums ? [{ left, right }] : []
  })
}

const leads = (before: Token | undefined, first: Token) =>
  before !== undefined &&
  (before.kind === 'word'
    ? !first.spaced || /^[-+]/.test(first.text) || takesNumbers.test(before.text)
    : !first.spaced && !/[:,;.>"'*`]/.test(before.text))

const follows = (after: Token | undefined) =>
  after !== undefined &&
  (after.kind === 'word' ? !after.spaced || takesRest.test(after.text) : /[%!°?^_{\\²³≠≈]/.test(after.text))

const takesNumbers = /^(?:log|ln|lg|sin|cos|tan|sqrt|mod|of|root|base)$/i
const takesRest = /^(?:mod|remainder|rest|r)$/i

/** Operands with a sign between each two, and brackets that close. */
function isSound(side: readonly Token[]): boolean {
  let [depth, open] = [0, true]
  for (const { text, kind } of side) {
    if (kind === 'number' || text === '(') {
      if (!open) return false
      if (kind === 'number') open = false
      else depth++
    } else if (open) return false
    else if (text === ')') {
      if (--depth < 0) return false
    } else open = true
  }
  return !open && depth === 0
}

const isMaths = ({ kind }: Token) => kind === 'number' || kind === 'sign'
