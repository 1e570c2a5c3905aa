import { strategy } from '#core'

/** One sample, answered as it comes: no more compute, but the same think + answer form as every other recipe. */
export const none = strategy('none', {}, (run) => run.answer())
