import { MullError } from '#core'
import type { Metrics } from '../http/metrics.ts'

/** What a Worker has in place of figures: a scrape would reach one isolate of many, and none knows of the others. */
export const noFigures: Metrics = {
  contentType: 'text/plain',
  open: true,
  async text() {
    throw new MullError(
      'metrics_not_here',
      'The isolates of a Worker share no figures. With OTEL_EXPORTER_OTLP_ENDPOINT set, each request is sent as a span, ' +
        'for a collector to count (spanmetrics).',
      501,
    )
  },
}
