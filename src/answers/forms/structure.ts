import { exactValue } from '../maths/exact.ts'
import { inverse, type Node, product } from '../maths/node.ts'
import { parseExpression } from '../maths/parse.ts'
import type { Token } from '../maths/tokens.ts'
import { tokensOf } from '../maths/tokens.ts'
import { readMatrix } from './matrix.ts'
import { readQuantity } from './quantity.ts'
import { together, union, wholeLine, without } from './region.ts'
import { isRelation, readRelation } from './relation.ts'
import { signChoices } from './signs.ts'
import { enclosed, spelled, splitAt, written } from './split.ts'
import { textKey } from './text.ts'
import type { Region, Value } from './value.ts'

/** Reads a surface form as maths: lists, tuples, regions, relations, matrices, quantities. Undefined if it is none. */
export function readStructure(surface: string): Value | undefined {
  const tokens = tokensOf(surface)
  return tokens && tokens.length <= 800 ? readValue(tokens, 0) : undefined
}

const deepest = 12

function readValue(tokens: readonly Token[], depth: number): Value | undefined {
  if (tokens.length === 0 || depth > deepest) return undefined
  if (tokens.every(isPlain)) return readQuantity(tokens)
  const read = (inner: readonly Token[]) => readValue(inner, depth + 1)
  for (const separator of separators) {
    const parts = splitAt(tokens, separator.such).filter((part) => part.length > 0)
    if (parts.length > 1) return readList(parts, separator.name, read)
  }
  if (isRelation(tokens)) return readRelation(tokens, read)
  const united = splitAt(tokens, '∪')
  if (united.length > 1) return union(united.map(read))
  const removed = splitAt(tokens, '∖')
  if (removed.length === 2) return without(read(removed[0]!), read(removed[1]!))
  const set = enclosed(tokens)
  if (set?.open === '⦃') return readSet(set.inner, read)
  const choices = signChoices(tokens)
  if (choices) return choicesOf(choices, read)
  return (
    readMatrix(tokens, read) ??
    readBrackets(tokens, read) ??
    readRatio(tokens) ??
    readSymbol(tokens) ??
    readQuantity(tokens)
  )
}

/** Of expressions without a unit, most tokens are such: then there is no structure to look for. */
const isPlain = ({ kind, text }: Token) =>
  kind === 'number' ||
  kind === 'function' ||
  (kind === 'sign' && '+-*/^_{}!%'.includes(text)) ||
  text === '\\frac' ||
  text === '\\sqrt' ||
  (kind === 'name' && text !== 'ℝ' && text !== '∅')

const conjunctions = /^‹?\s*(?:,\s*)?(and|or|und|oder|et|ou|y también|和|或|и|или)\s*›?$/i
const isConjunction = ({ kind, text }: Token) => (kind === 'word' || kind === 'text') && conjunctions.test(text)

/** From the loosest to the tightest. */
const separators = [
  { name: ';', such: ';⏎' },
  { name: 'or', such: (token: Token) => isConjunction(token) && /o|或|и/i.test(token.text) },
  { name: 'and', such: isConjunction },
  { name: ',', such: ',' },
]

type Read = (tokens: readonly Token[]) => Value | undefined

/** The members of a list as one value: a region, a record, or a list. */
function readList(parts: readonly (readonly Token[])[], separator: string, read: Read): Value | undefined {
  const read_ = (part: readonly Token[]): Value => read(part) ?? { kind: 'text', key: textKey(spelled(part)) }
  const values = parts.map(read_)
  if (separator !== ',' || values.every(({ kind }) => kind === 'region')) {
    if (values.every((value): value is Region => value.kind === 'region'))
      return (separator === 'or' ? undefined : together(values)) ?? union(values)
  }
  if (separator === ';' && values.every(({ kind }) => kind === 'list')) {
    const tuples = values.map((value) => ({ open: '(', close: ')', items: [], ...value, kind: 'tuple' as const }))
    return { kind: 'list', items: tuples, ordered: false }
  }
  const flat = values.flatMap((value) => (value.kind === 'list' && !value.subject ? value.items : [value]))
  return listOf(flat)
}

/** x = 1, y = 2 is a record; x = 1, x = 2 and x = 1, 2 are lists of values for x. */
function listOf(items: readonly Value[]): Value | undefined {
  if (items.length === 0) return undefined
  const [first, ...rest] = items.map((item) => (item.kind === 'named' ? item.name : undefined))
  const of = first !== undefined && (rest.every((name) => name === first) || rest.every((name) => name === undefined))
  if (!of) return { kind: 'list', items, ordered: items.some(isGap) }
  const values = items.map((item) => (item.kind === 'named' ? item.value : item))
  return { kind: 'list', items: values, ordered: false, subject: first }
}

/** What ± stands for, all of it. */
function choicesOf(choices: readonly (readonly Token[])[], read: Read): Value | undefined {
  const values = choices.map(read)
  return values.includes(undefined)
    ? undefined
    : listOf(values.flatMap((value) => (value?.kind === 'list' ? value.items : value!)))
}

/** 1, 2, ..., n means its order. */
const isGap = (value: Value) => value.kind === 'text' && value.key === '…'

/** Tuples and intervals; parentheses and braces around a single thing say nothing. */
function readBrackets(tokens: readonly Token[], read: Read): Value | undefined {
  const found = enclosed(tokens)
  if (!found) return undefined
  const { open, close, inner } = found
  if (open === '{') return condition(inner, read) ?? read(inner)
  const parts = splitAt(inner, ',')
  if (parts.length === 1) return parseExpression(tokens) ? undefined : open === '(' ? read(inner) : undefined
  const items = parts.map((part) => read(part) ?? gap(part))
  if (items.some((item) => !item)) return undefined
  return { kind: 'tuple', open, close, items: items as Value[] }
}

const gap = (part: readonly Token[]): Value | undefined =>
  part.length === 0 ? undefined : { kind: 'text', key: textKey(spelled(part)) }

/** {1, 2}, or {x | condition}, which is what the condition says. */
function readSet(inner: readonly Token[], read: Read): Value | undefined {
  const built = condition(inner, read)
  if (built) return built
  const value = inner.length === 0 ? undefined : read(inner)
  if (inner.length === 0) return { kind: 'text', key: '∅' }
  if (!value || value.kind === 'list') return value
  return { kind: 'list', items: [value], ordered: false }
}

/** x | condition */
function condition(inner: readonly Token[], read: Read): Value | undefined {
  const built = splitAt(inner, '|:')
  const named = /^\(?[\p{L}_0-9{},]+\)?(?:∈[ℝℤℕℚℂ])?$/u
  return built.length === 2 && named.test(written(built[0]!)) ? read(built[1]!) : undefined
}

function readRatio(tokens: readonly Token[]): Value | undefined {
  const parts = splitAt(tokens, ':').map(parseExpression)
  if (parts.length < 2 || parts.includes(undefined)) return undefined
  const [first, ...rest] = parts as [Node, ...Node[]]
  const literal = /^\d{1,2}:[0-5]\d$/.test(written(tokens)) || parts.some((part) => exactValue(part!)?.n === 0n)
  const items = literal ? [first, ...rest] : rest.map((part) => product(part, inverse(first)))
  return { kind: 'ratio', literal, items: items.map((node) => ({ kind: 'quantity', node, unit: '', percent: false })) }
}

const symbols: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['ℝ', wholeLine],
  ['∅', { kind: 'text', key: '∅' }],
])

const readSymbol = (tokens: readonly Token[]): Value | undefined => symbols.get(written(tokens))
