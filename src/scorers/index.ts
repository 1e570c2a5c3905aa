import type { Scorer } from '#core'
import { agreement } from './agreement.ts'
import { judge } from './judge.ts'

/** Every scorer by the name that `scorer=` takes. */
export const scorers: Readonly<Record<string, Scorer>> = { agreement, judge }
