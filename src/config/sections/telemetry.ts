import * as z from 'zod'
import { section } from '../section.ts'
import { address, flag, number } from '../values.ts'

const samplers = ['always_on', 'always_off', 'traceidratio'] as const
const parentBased = ['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const

/** OpenTelemetry: a span for each request, with one for each sample and each judgement, over OTLP/HTTP. */
export const telemetry = section(
  z
    .strictObject({
      /**
       * Where the collector is; without it nothing is sent.
       * @example 'http://localhost:4318'
       */
      endpoint: address.optional(),
      /** Headers that the collector wants, such as its key. */
      headers: z.record(z.string(), z.string(), 'it is no list like name=value,name=value').default({}),
      /** What this Mull is called. */
      service: z.string().min(1).default('mull'),
      /** Which requests are sent: a share of them, and by default every one whose caller says that it is. */
      sampler: z.enum([...samplers, ...parentBased]).default('parentbased_traceidratio'),
      /** The share, from 0 to 1. */
      ratio: z.number().min(0).max(1).default(1),
      /** Whether what was asked and answered is sent, too. */
      content: z.boolean().default(false),
    })
    .prefault({}),
  {
    OTEL_EXPORTER_OTLP_ENDPOINT: ['telemetry.endpoint'],
    OTEL_EXPORTER_OTLP_HEADERS: ['telemetry.headers', headers],
    OTEL_SERVICE_NAME: ['telemetry.service'],
    OTEL_TRACES_SAMPLER: ['telemetry.sampler'],
    OTEL_TRACES_SAMPLER_ARG: ['telemetry.ratio', number],
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: ['telemetry.content', flag],
  },
)

/** "authorization=Bearer%20x,x-tenant=y" */
function headers(text: string): unknown {
  const pairs = text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair))
  try {
    return Object.fromEntries(pairs.map((pair) => [pair![1], decodeURIComponent(pair![2]!)]))
  } catch {
    return text
  }
}
