import { MullError } from '#core'
import type { Metrics } from '../http/metrics.ts'

/** What a Worker has in place of figures: a scrape would reach one isolate of many, and none knows of the others. */
export const noFigures: Metrics = {
  contentType: 'text/plain',
  open: true,
  async text() {
    throw new MullError(
      'metrics_not_here',
      'The isolates of a Worker do not share their figures, so there are none to scrape. Set ' +
        'OTEL_EXPORTER_OTLP_ENDPOINT: each request is then sent as a span with its times, tokens and samples, which a ' +
        'collector counts for Prometheus (spanmetrics).',
      501,
    )
  },
}
