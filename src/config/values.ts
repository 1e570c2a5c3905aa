import * as z from 'zod'

/** A whole number from `least` to `most`. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => z.int().min(least).max(most)

export const address = z.url({ protocol: /^https?$/, error: 'it is no address like http://localhost:8000/v1' })

/** Headers of the operator's, by their names. */
export const headers = z.record(z.string().regex(/^[!#$%&'*+.^`|~\w-]+$/, 'it is no name of a header'), z.string())

/** How the text of an environment variable becomes a setting. What it cannot read it leaves, for the schema to refuse. */
export type Reading = (text: string) => unknown

export const number: Reading = (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))

const flags: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false }

export const flag: Reading = (text) => (Object.hasOwn(flags, text) ? flags[text] : text)

/** Words between commas or spaces. */
export const list = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)
