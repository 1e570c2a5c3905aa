import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
const overheads = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** Everything that is counted. */
export function seriesIn(registry: Registry) {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `mull_${name}`, help, labelNames, registers })
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name: `mull_${name}`, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram({ name: `mull_${name}`, help, buckets, labelNames, registers })
  return {
    requests: counter('requests_total', 'Requests that have ended.', 'door', 'model', 'recipe', 'status', 'outcome'),
    running: gauge('requests_in_flight', 'Requests that have begun and not ended.', 'door'),
    duration: histogram(
      'request_duration_seconds',
      'From the first byte in to the last one out.',
      seconds,
      'door',
      'recipe',
    ),
    overhead: histogram(
      'request_overhead_seconds',
      'What a request took beside the time that the upstream was being asked for something.',
      overheads,
      'door',
      'recipe',
    ),
    first: histogram(
      'time_to_first_token_seconds',
      'Of streamed replies: until the first word of thinking or answer.',
      seconds,
      'door',
      'recipe',
    ),
    calls: counter('calls_total', 'Completions asked for.', 'model', 'recipe'),
    samples: counter('samples_total', 'Samples that have ended, by how.', 'recipe', 'outcome'),
    agreement: histogram('agreement', 'Share of the winner among the votes.', tenths, 'recipe'),
    tokens: counter(
      'tokens_total',
      'Tokens, by kind; reasoning is part of output, cached of input.',
      'model',
      'recipe',
      'kind',
    ),
    cost: counter('cost_dollars_total', 'What the upstream charged, where that is known.', 'model', 'recipe'),
    upstream: counter(
      'upstream_requests_total',
      'HTTP requests sent upstream for recipes, retries among them.',
      'recipe',
    ),
    retries: counter('upstream_retries_total', 'Those of them that were sent because one had failed.', 'recipe'),
    banked: counter('bank_hits_total', 'Samples that an earlier request has paid for.', 'recipe'),
    breaker: gauge('replica_breaker_state', 'Whether a replica is asked: 0 yes, 1 on trial, 2 no.', 'replica'),
    replica: gauge('replica_calls_in_flight', 'Calls under way at a replica.', 'replica'),
  }
}

export type Series = ReturnType<typeof seriesIn>
