import { BadRequest } from '#core'

/** A part of a message's content, as chat completions have it. */
export type Part = { readonly type: string; readonly [field: string]: unknown }

export const textPart = (text: string): Part => ({ type: 'text', text })

export const imagePart = (url: string, detail?: unknown): Part => ({
  type: 'image_url',
  image_url: { url, ...(detail === undefined || detail === null ? {} : { detail }) },
})

export const filePart = (file_data: string, filename: string): Part => ({ type: 'file', file: { filename, file_data } })

/** Parts as the content of a message: a string where all is text, since not every server takes more than that. */
export function contentOf(parts: readonly Part[]): string | readonly Part[] {
  if (parts.some(({ type }) => type !== 'text')) return parts
  return parts.map(({ text }) => text).join('\n\n')
}

/** The refusal of what chat completions have no form for. */
export const untranslatable = (param: string, why: string) =>
  new BadRequest(`${param}: ${why}`, { code: 'not_supported', param })
