import * as z from 'zod'
import { section } from '../section.ts'

/**
 * Names of your own for a model, with a recipe or without.
 * @example { smart: 'deepseek-r1+ac@40', fast: 'deepseek-r1' }
 */
export const aliases = section(z.record(z.string().min(1), z.string().min(1)).default({}), {
  MULL_ALIASES: ['aliases', readAliases],
})

/** "smart=deepseek-r1+sc@16; fast=gpt-4o-mini" */
function readAliases(text: string): Record<string, string> {
  const pairs = text.split(';').map((pair) => pair.trim())
  return Object.fromEntries(
    pairs.filter(Boolean).map((pair) => {
      const [, name, target] = /^([^=]+?)\s*=\s*(.+)$/.exec(pair) ?? []
      if (!name || !target) throw new Error(`"${pair}" is not of the form name=model+recipe; separate them by ";"`)
      return [name, target]
    }),
  )
}
