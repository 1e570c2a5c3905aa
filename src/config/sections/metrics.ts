import * as z from 'zod'
import { section } from '../section.ts'

/**
 * Figures for Prometheus at GET /metrics (not on Workers, which have `telemetry`): behind the keys that clients come with
 * (on), for everybody (open), or none (off).
 */
export const metrics = section(z.enum(['on', 'open', 'off']).default('on'), { MULL_METRICS: ['metrics'] })
