import type { Arm } from '../report.ts'

/** What recipes are called in the pictures, and their colours. */
export type Look = { labelOf(arm: Arm): string; colourOf(arm: Arm): string }
