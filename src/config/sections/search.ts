import * as z from 'zod'
import { section } from '../section.ts'
import { flag, list, whole } from '../values.ts'

/** Whether the command looks for a server on this machine where no upstream is configured, or the ports to look at. */
export const search = section(
  z.union([z.boolean(), z.array(whole(1, 65_535)).min(1)], 'true, false, or ports such as 11434,8000').default(true),
  {
    MULL_SEARCH: [
      'search',
      (text) => {
        const said = flag(text)
        return typeof said === 'boolean' ? said : list(text).map(Number)
      },
    ],
  },
)
