import * as z from 'zod'
import { thinkForms } from '../../http/engine.ts'
import { section } from '../section.ts'

/** How thinking comes out, where a request does not say. */
export const think = section(z.enum(thinkForms).default('both'), { MULL_THINK: ['think'] })
