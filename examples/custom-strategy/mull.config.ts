import { defineConfig } from 'mull/config'
import { brevity, secondOpinion } from './index.ts'

export default defineConfig({
  strategies: [secondOpinion],
  scorers: { own: [brevity] },
  aliases: { careful: 'tiny-r1+second-opinion' },
})
