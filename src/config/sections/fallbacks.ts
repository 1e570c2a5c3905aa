import * as z from 'zod'
import { section } from '../section.ts'

/**
 * Models that are asked instead, in this order, of one whose upstream is down, busy or too late after its further
 * attempts, and has not begun to answer. The reply says which one did.
 * @example { 'deepseek-r1': ['qwen3', 'gpt-4o-mini'] }
 */
export const fallbacks = section(z.record(z.string().min(1), z.array(z.string().min(1)).min(1)).default({}))
