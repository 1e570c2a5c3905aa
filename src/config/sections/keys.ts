import * as z from 'zod'
import { section } from '../section.ts'
import { list } from '../values.ts'

/**
 * Keys that clients must come with; they never go upstream. None lets everybody in.
 * @example ['sk-…']
 */
export const keys = section(z.array(z.string().min(1)).default([]), { MULL_API_KEYS: ['keys', list] })
