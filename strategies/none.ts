import { strategy } from '#core'

export const none = strategy(
  'none',
  {
    does: 'One sample, answered as it comes: no more compute, but the same think + answer form as every other recipe.',
    calls: '1',
    depth: '1',
  },
  {},
  (run) => run.answer(),
)
