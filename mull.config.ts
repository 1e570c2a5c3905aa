import { defineConfig } from 'mull/config'

/** The settings of this Mull: mull.config.example.ts has all that there are, with their defaults. */
export default defineConfig({})
