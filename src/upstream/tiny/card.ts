import type { Card } from '../served/routes.ts'

/**
 * The model, as the list of models has it. `mull.can` spares a Mull in front of it the probes, of which one it would fail:
 * it goes on with what it has begun, but knows no word outside arithmetic.
 */
export const card: Card = {
  id: 'tiny-r1',
  object: 'model',
  created: 1764028800,
  owned_by: 'mull',
  mull: { can: { n: true, logprobs: true, prefill: 'vllm', effort: false, tools: false } },
}
