import { percent } from '../statistics/share.ts'
import type { Arm, Report } from './report.ts'

/** The arms as columns of text: the head, and a row for each. */
export function rowsOf({ arms, baseline }: Report): {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  const models = new Set(arms.map(({ model }) => model))
  const label = ({ name, recipe }: Arm) => (models.size > 1 ? name : recipe)
  const base = arms.find(({ name }) => name === baseline)!
  const priced = arms.some(({ cost }) => cost !== undefined)
  const head = [
    'recipe',
    'right',
    '95 %',
    `against ${label(base)}`,
    'p',
    'calls',
    'tokens',
    ...(priced ? ['$ per 1,000'] : []),
    'time',
  ]
  const rows = arms.map((arm) => [
    label(arm),
    `${percent(arm.accuracy.value)} %`,
    `${percent(arm.accuracy.low)} to ${percent(arm.accuracy.high)}`,
    ...difference(arm),
    arm.calls.toFixed(1),
    whole(arm.tokens.total),
    ...(priced ? [arm.cost === undefined ? '' : dollars(1000 * arm.cost)] : []),
    seconds(arm.ms.median),
  ])
  return { head, rows }
}

const difference = ({ difference: found }: Arm) =>
  found ? [`${signed(found.value)} (${signed(found.low)} to ${signed(found.high)})`, chance(found.p)] : ['', '']

export const signed = (value: number) => `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`

export const chance = (p: number) => (p < 0.001 ? '<0.001' : p.toFixed(p < 0.01 ? 3 : 2))

export const whole = (value: number) => Math.round(value).toLocaleString('en')

export const dollars = (value: number) => (value === 0 ? '0' : value < 0.01 ? value.toPrecision(2) : value.toFixed(2))

export const seconds = (ms: number) =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
