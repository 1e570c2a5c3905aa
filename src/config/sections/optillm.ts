import * as z from 'zod'
import { section } from '../section.ts'
import { flag } from '../values.ts'

/** Whether OptiLLM's names for models are understood, such as `moa-gpt-4o-mini`. */
export const optillm = section(z.boolean().default(false), { OPTILLM_COMPAT: ['optillm', flag] })
