import { hedge as schema } from '../../http/request.ts'
import { section } from '../section.ts'
import { flag, number } from '../values.ts'

/**
 * Whether a sample that is late among its siblings is asked for a second time, of another replica if there are several,
 * for requests that do not say so themselves (`mull.hedge`). A number is the share of its siblings that must be in, 0.95
 * for true. It costs calls, and draws short answers rather than long ones.
 */
export const hedge = section(schema.default(false), {
  MULL_HEDGE: ['hedge', (text) => (typeof flag(text) === 'boolean' ? flag(text) : number(text))],
})
